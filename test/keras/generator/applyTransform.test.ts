import assert from "node:assert/strict";
import { affineMap } from "../../../src/keras/generator/affineTransform.ts";
import { applyTransform } from "../../../src/keras/generator/applyTransform.ts";
import { fills } from "../../../src/keras/generator/fillModes.ts";
import { kerasParameters, kerasTransforms, largestDifference } from "./kerasTransforms.ts";

describe("applyTransform gives Keras' pixels", () => {
  for (const { picture, parameters, options, values } of kerasTransforms.transforms) {
    it(`${picture}: ${JSON.stringify({ ...parameters, ...options })}`, () => {
      const { shape, values: data } = kerasTransforms.pictures[picture]!;
      const [height, width, channels] = shape as [number, number, number];
      const image = { data: Float32Array.from(data), height, width, channels };
      const result = applyTransform(image, kerasParameters(parameters), {
        fillMode: options.fill_mode ?? "nearest",
        cval: options.cval ?? 0,
        interpolationOrder: options.interpolation_order ?? 1,
      });
      assert.deepEqual(image.data, Float32Array.from(data), "the picture itself stays");
      assert.ok(largestDifference(result.data, values) <= 1e-4, String(result.data));
    });
  }
});

describe("affineMap", () => {
  it("is none where nothing moves", () => assert.equal(affineMap({ zx: 1, theta: 0 }, 4, 5), undefined));

  it("turns about the middle", () => {
    const { a, b, c, d, down, across } = affineMap({ theta: 90 }, 3, 3)!;
    assert.ok(Math.abs(a) < 1e-15 && Math.abs(d) < 1e-15);
    assert.deepEqual([b, c, down, across].map(Math.round), [1, -1, 0, 2]);
  });
});

describe("fills", () => {
  const row = (mode: keyof typeof fills) =>
    [-5, -2, 5, 9].map((at) => Math.round(fills[mode](at, 4) * 1e6) / 1e6);

  it("say which sample stands for one beyond the borders", () => {
    assert.deepEqual(row("nearest"), [0, 0, 3, 3]);
    assert.deepEqual(row("constant"), [-1, -1, -1, -1]);
    assert.deepEqual(row("reflect"), [3, 1, 2, 1]);
    assert.deepEqual(row("wrap"), [1, 1, 2, 0]);
  });
});
