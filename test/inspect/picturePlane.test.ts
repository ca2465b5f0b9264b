import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { inverseFourier, newPicturePlane, rollPicture } from "../../src/inspect/picturePlane.ts";
import { tf } from "../../src/tensorflow/tf.ts";

const fixture = JSON.parse(
  readFileSync(new URL("../fixtures/inspect/fourier.json", import.meta.url), "utf8"),
) as Record<"spectrum" | "even" | "odd", number[]>;

const closeTo = (found: ArrayLike<number>, expected: ArrayLike<number>) => {
  assert.equal(found.length, expected.length);
  Array.from(found).forEach((value, i) => assert.ok(Math.abs(value - expected[i]!) < 1e-5));
};

describe("inverseFourier", () => {
  for (const [name, width] of [
    ["even", 6],
    ["odd", 7],
  ] as const) {
    // prettier-ignore
    it(`gives NumPy's irfft2, of an ${name} width`, () => {
      tf.tidy(() => {
        const picture = inverseFourier(tf.tensor4d(fixture.spectrum, [2, 5, 4, 2]), width);
        assert.deepEqual(picture.shape, [5, width, 2]);
        closeTo(picture.dataSync(), fixture[name]);
      });
    });
  }
});

describe("newPicturePlane", () => {
  for (const fourier of [true, false]) {
    it(`stays within the range and knows its seed, as ${fourier ? "frequencies" : "pixels"}`, () => {
      tf.tidy(() => {
        const make = (seed: number) => {
          const { start, toPicture } = newPicturePlane(
            { height: 6, width: 5, channels: 3 },
            { fourier, range: [-1, 3], seed },
          );
          return Array.from(toPicture(start.mul(1e4)).dataSync());
        };
        assert.deepEqual(make(1), make(1));
        assert.notDeepEqual(make(1), make(2));
        assert.ok(make(1).every((value) => value >= -1 && value <= 3));
      });
    });
  }
});

describe("rollPicture", () => {
  it("brings in on one side what leaves on the other", () => {
    tf.tidy(() => {
      const picture = tf.tensor4d([1, 2, 3, 4, 5, 6], [1, 2, 3, 1]);
      assert.deepEqual(Array.from(rollPicture(picture, 1, 1).dataSync()), [6, 4, 5, 3, 1, 2]);
      assert.deepEqual(Array.from(rollPicture(picture, 0, -1).dataSync()), [2, 3, 1, 5, 6, 4]);
    });
  });
});
