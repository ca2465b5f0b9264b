import assert from "node:assert/strict";
import { imageDataGenerator } from "../../../src/keras/imageDataGenerator.ts";
import type { ImageDataGeneratorOptions } from "../../../src/keras/generator/generatorOptions.ts";
import { tf } from "../../../src/tensorflow/tf.ts";
import { captureOutput } from "../captureOutput.ts";
import { camelCase, kerasTransforms, largestDifference } from "./kerasTransforms.ts";

const setOf = () => tf.tensor4d(kerasTransforms.set.values, kerasTransforms.set.shape as [40, 2, 3, 2]);

describe("imageDataGenerator", () => {
  describe("standardizes as Keras does", () => {
    for (const { options, values } of kerasTransforms.standardized) {
      it(JSON.stringify(options), async () => {
        const before = tf.memory().numTensors;
        const generator = imageDataGenerator(camelCase(options));
        const set = setOf();
        await generator.fit(set);
        const two = set.slice(0, 2);
        const result = generator.standardize(two);
        assert.deepEqual(result.shape, [2, 2, 3, 2]);
        assert.ok(largestDifference(result.dataSync(), values) <= 1e-4, String(result.dataSync()));
        assert.deepEqual(
          Array.from(two.dataSync()),
          Array.from(Float32Array.from(kerasTransforms.set.values.slice(0, 24))),
          "the pictures themselves stay",
        );
        tf.dispose([set, two, result]);
        assert.equal(tf.memory().numTensors, before);
      });
    }
  });

  it("says once that pictures are not normalized before fit", () => {
    const generator = imageDataGenerator({ featurewiseCenter: true });
    const picture = tf.tensor3d([1, 2], [1, 2, 1]);
    const capture = captureOutput();
    const results = [generator.standardize(picture), generator.standardize(picture)];
    const said = capture.end();
    assert.match(said, /^imageDataGenerator: .*before generator\.fit\(x\)\n$/);
    assert.deepEqual(Array.from(results[1]!.dataSync()), [1, 2]);
    tf.dispose([...results, picture]);
  });

  it("takes statistics of changed pictures on request", async () => {
    const set = setOf();
    const options = { featurewiseCenter: true, brightnessRange: [0, 0] } as const;
    const [plain, changed] = [imageDataGenerator(options), imageDataGenerator(options)];
    await plain.fit(set);
    await changed.fit(set, { augment: true, rounds: 2, seed: 1 });
    assert.ok(plain.mean!.every((mean) => mean > 50));
    // Without light the least of each picture is all that is left.
    assert.ok(changed.mean!.every((mean) => mean < plain.mean![0]! - 30));
    assert.equal(plain.std, null);
    set.dispose();
  });

  it("gives statistics for each channel, and a matrix for whitening", async () => {
    const set = setOf();
    const generator = imageDataGenerator({ zcaWhitening: true });
    await generator.fit(set);
    assert.equal(generator.mean!.length, 2);
    assert.equal(generator.zcaWhiteningMatrix!.length, 12 * 12);
    set.dispose();
  });

  describe("getRandomTransform", () => {
    const draw = (options: ImageDataGeneratorOptions, count = 200) => {
      const generator = imageDataGenerator(options);
      return Array.from({ length: count }, (_, seed) => generator.getRandomTransform([10, 40, 3], seed));
    };
    const within = (values: readonly (number | null)[], from: number, to: number) => {
      assert.ok(values.every((value) => value! >= from && value! <= to));
      const spread = Math.max(...(values as number[])) - Math.min(...(values as number[]));
      assert.ok(spread > 0.8 * (to - from), `spread ${spread}`);
    };

    it("changes nothing by default", () => {
      assert.deepEqual(draw({}, 1), [
        {
          ...{ theta: 0, tx: 0, ty: 0, shear: 0, zx: 1, zy: 1 },
          ...{ flipHorizontal: false, flipVertical: false, channelShiftIntensity: null, brightness: null },
        },
      ]);
    });

    it("draws from the ranges that were given", () => {
      const drawn = draw({
        ...{ rotationRange: 30, shearRange: 5, zoomRange: 0.2, channelShiftRange: 50 },
        ...{ brightnessRange: [0.5, 1.5], horizontalFlip: true },
      });
      within(
        drawn.map(({ theta }) => theta),
        -30,
        30,
      );
      within(
        drawn.map(({ shear }) => shear),
        -5,
        5,
      );
      within(
        drawn.flatMap(({ zx, zy }) => [zx, zy]),
        0.8,
        1.2,
      );
      within(
        drawn.map(({ channelShiftIntensity }) => channelShiftIntensity),
        -50,
        50,
      );
      within(
        drawn.map(({ brightness }) => brightness),
        0.5,
        1.5,
      );
      assert.equal(new Set(drawn.map(({ flipHorizontal }) => flipHorizontal)).size, 2);
      assert.ok(drawn.every(({ flipVertical }) => !flipVertical));
    });

    it("shifts by parts of a side, by whole pixels, by pixels, or by one of a list", () => {
      const [part, whole] = [
        draw({ heightShiftRange: 0.2, widthShiftRange: 0.2 }),
        draw({ widthShiftRange: 4 }),
      ];
      within(
        part.map(({ tx }) => tx),
        -2,
        2,
      );
      within(
        part.map(({ ty }) => ty),
        -8,
        8,
      );
      assert.deepEqual(
        [...new Set(whole.map(({ ty }) => ty))].map((ty) => ty + 0).sort((a, b) => a - b),
        [-3, -2, -1, 0, 1, 2, 3],
      );
      within(
        draw({ heightShiftRange: 2.5 }).map(({ tx }) => tx),
        -2.5,
        2.5,
      );
      const listed = draw({ heightShiftRange: [1, 5] }).map(({ tx }) => tx);
      assert.deepEqual(
        [...new Set(listed)].sort((a, b) => a - b),
        [-5, -1, 1, 5],
      );
    });

    it("repeats itself with a seed, and not without", () => {
      const generator = imageDataGenerator({ rotationRange: 90 });
      const draws = [7, 7, undefined, undefined].map(
        (seed) => generator.getRandomTransform([4, 4, 1], seed).theta,
      );
      assert.equal(draws[0], draws[1]);
      assert.equal(new Set(draws).size, 3);
    });
  });

  it("changes a tensor by given and by drawn parameters", () => {
    const before = tf.memory().numTensors;
    const generator = imageDataGenerator({ rotationRange: 90, fillMode: "constant" });
    const picture = tf.tensor3d([1, 2, 3, 4], [2, 2, 1]);
    const mirrored = generator.applyTransform(picture, { flipHorizontal: true });
    assert.deepEqual(Array.from(mirrored.dataSync()), [2, 1, 4, 3]);
    const turned = generator.randomTransform(picture, 3);
    const same = generator.applyTransform(picture, generator.getRandomTransform(picture.shape, 3));
    assert.deepEqual(turned.dataSync(), same.dataSync());
    assert.notDeepEqual(turned.dataSync(), picture.dataSync());
    tf.dispose([picture, mirrored, turned, same]);
    assert.equal(tf.memory().numTensors, before);
  });

  it("says in one line what is wrong with an option", () => {
    const refused = (options: object, message: RegExp) =>
      assert.throws(() => imageDataGenerator(options), { name: "InputError", message });
    refused({ rotation: 20 }, /expected known options, found rotation; did you mean rotationRange\?$/);
    refused({ validationSplit: 1 }, /validationSplit from 0 to below 1, found 1$/);
    refused({ fillMode: "mirror" }, /fillMode "nearest", "constant", "reflect", "wrap", found "mirror"/);
    refused({ zoomRange: [1, 2, 3] }, /zoomRange a number or \[from, to\], found \[1,2,3\]/);
    refused({ brightnessRange: 0.5 }, /brightnessRange \[from, to\] or null, found 0\.5/);
    refused({ rotationRange: "20" }, /rotationRange a number, found "20"/);
    refused({ horizontalFlip: 1 }, /horizontalFlip true or false/);
    assert.throws(() => imageDataGenerator().standardize(tf.tensor1d([1]) as never), {
      message:
        /standardize: expected a tensor of rank 3 or 4, \[count, height, width, channels\], found \[1\]/,
    });
  });

  it("says when a function gives another number of values", () => {
    const generator = imageDataGenerator({
      preprocessingFunction: (picture) => picture.mean<tf.Tensor3D>(2),
    });
    const picture = tf.zeros<tf.Rank.R3>([2, 2, 3]);
    assert.throws(() => generator.standardize(picture), {
      message: /2x2x3 from preprocessingFunction, found 2x2/,
    });
    picture.dispose();
  });
});
