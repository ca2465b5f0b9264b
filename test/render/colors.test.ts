import assert from "node:assert/strict";
import * as chromatic from "d3-scale-chromatic";
import { colorMap, colorMapNames } from "../../src/render/colorMaps.ts";
import { inkIndex, levelOf, mapLevels, picturePalette, reserved } from "../../src/render/palette.ts";

describe("colour maps", () => {
  const hex = (name: "viridis" | "magma", i: number) =>
    `#${Buffer.from(colorMap(name).subarray(3 * i, 3 * i + 3)).toString("hex")}`;

  it("are those of d3-scale-chromatic", () => {
    for (let i = 0; i < 256; i++) {
      assert.equal(hex("viridis", i), chromatic.interpolateViridis(i / 255));
      assert.equal(hex("magma", i), chromatic.interpolateMagma(i / 255));
    }
    assert.deepEqual([...colorMap("gray").subarray(0, 6)], [0, 0, 0, 1, 1, 1]);
  });

  it("run from blue to red where numbers have a sign", () => {
    const map = colorMap("rdbu");
    assert.ok(map[2]! > map[0]!, "negative is blue");
    assert.ok(map[3 * 255]! > map[3 * 255 + 2]!, "positive is red");
  });
});

describe("picturePalette", () => {
  const colorAt = (palette: Uint8Array, index: number) =>
    [...palette.subarray(3 * index, 3 * index + 3)].join();

  for (const name of colorMapNames) {
    it(`has a gap and a map that cannot be mistaken for one another: ${name}`, () => {
      const palette = picturePalette(name);
      const map = new Set(Array.from({ length: mapLevels }, (_, level) => colorAt(palette, level)));
      assert.ok(!map.has(colorAt(palette, reserved.gap)));
      assert.ok(map.size > 0.9 * mapLevels, `${map.size} colours`);
    });
  }

  it("keeps both ends of the map", () => {
    const palette = picturePalette("viridis");
    assert.equal(colorAt(palette, levelOf[0]!), colorAt(colorMap("viridis"), 0));
    assert.equal(colorAt(palette, levelOf[255]!), colorAt(colorMap("viridis"), 255));
  });

  it("writes dark on an opaque white page", () => {
    const palette = picturePalette("magma");
    assert.equal(colorAt(palette, inkIndex(0)), "255,255,255");
    assert.equal(colorAt(palette, inkIndex(1)), "31,35,40");
  });
});
