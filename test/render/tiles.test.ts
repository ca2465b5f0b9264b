import assert from "node:assert/strict";
import { levelOf, reserved } from "../../src/render/palette.ts";
import { newRaster } from "../../src/render/raster.ts";
import { drawTiles, enlargement, layoutTiles } from "../../src/render/tiles.ts";

describe("tiles", () => {
  const layout = layoutTiles(5, { tileWidth: 3, tileHeight: 2, columns: 3, factor: 4, gap: 1 });
  const bytes = Uint8Array.from({ length: 5 * 6 }, (_, i) => i * 8);
  const raster = newRaster(layout.width + 7, layout.height + 3);
  drawTiles(raster, { x: 5, y: 2, layout, bytes, dead: [4] });
  const at = (x: number, y: number) => raster.data[(y + 2) * raster.width + x + 5];

  it("are enlarged by a whole number to about 64 pixels", () => {
    assert.deepEqual([1, 7, 8, 13, 28, 33, 64, 224].map(enlargement), [8, 8, 8, 4, 2, 1, 1, 1]);
  });

  it("have gaps between, none around", () => {
    assert.deepEqual([layout.width, layout.height], [3 * 12 + 2, 2 * 8 + 1]);
  });

  it("show every number as a square of one colour", () => {
    for (let tile = 0; tile < 4; tile++) {
      for (let row = 0; row < 2; row++) {
        for (let column = 0; column < 3; column++) {
          const [left, top] = [(tile % 3) * 13 + 4 * column, Math.floor(tile / 3) * 9 + 4 * row];
          for (let i = 0; i < 16; i++) {
            assert.equal(at(left + (i % 4), top + (i >> 2)), levelOf[bytes[tile * 6 + row * 3 + column]!]);
          }
        }
      }
    }
  });

  it("fill what is between with the gap's index and leave the rest page", () => {
    for (let y = 0; y < 17; y++) assert.equal(at(12, y), reserved.gap);
    for (let x = 0; x < 25; x++) assert.equal(at(x, 8), reserved.gap);
    assert.equal(at(30, 12), reserved.page);
    assert.equal(at(-1, 0), reserved.page);
    assert.equal(at(0, -1), reserved.page);
    assert.equal(at(0, 17), reserved.page);
  });

  it("are hatched where they are dead: two colours that no value has", () => {
    const found = new Set<number | undefined>();
    for (let y = 9; y < 17; y++) for (let x = 13; x < 25; x++) found.add(at(x, y));
    assert.deepEqual([...found].sort(), [reserved.hatchPaper, reserved.hatchLine].sort());
  });
});
