import assert from "node:assert/strict";
import { colorMap } from "../../src/render/colorMaps.ts";
import { drawHeat, overlayHeat } from "../../src/render/heatPicture.ts";

const colorAt = ({ data }: { data: Uint8ClampedArray }, pixel: number) => [
  ...data.subarray(4 * pixel, 4 * pixel + 3),
];
const size = { width: 5, height: 1 };
const scale = { colors: "rdbu", low: -2, high: 2 } as const;

describe("drawHeat", () => {
  it("gives the ends of the scale the ends of the map, and what is beyond them as well", () => {
    const table = colorMap("rdbu");
    const heat = drawHeat([-9, -2, 0, 2, 9], size, scale);
    assert.deepEqual(colorAt(heat, 0), [...table.subarray(0, 3)]);
    assert.deepEqual(colorAt(heat, 1), [...table.subarray(0, 3)]);
    assert.deepEqual(colorAt(heat, 2), [...table.subarray(3 * 128, 3 * 128 + 3)]);
    assert.deepEqual(colorAt(heat, 4), [...table.subarray(3 * 255)]);
  });

  it("draws what is not a number in greys that change from pixel to pixel", () => {
    const heat = drawHeat([NaN, Infinity, 0, 0, 0], size, scale);
    const [first, second] = [colorAt(heat, 0), colorAt(heat, 1)];
    assert.equal(new Set(first).size, 1);
    assert.notDeepEqual(first, second);
  });
});

describe("overlayHeat", () => {
  it("shows the picture in grey where there is no heat, and more heat where there is more", () => {
    const below = { ...size, data: new Uint8ClampedArray(20).fill(200) };
    const laid = overlayHeat(below, [0, 1, 2, NaN, -2], scale);
    const distance = (pixel: number) =>
      colorAt(laid, pixel).reduce((sum, value) => sum + Math.abs(value - 200), 0);
    assert.ok(distance(0) < distance(1) && distance(1) < distance(2));
    assert.equal(laid.data[3], 255);
  });
});
