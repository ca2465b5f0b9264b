import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fit } from "../../src/keras/fit.ts";
import {
  imageDatasetFromDirectory,
  type ImageDataset,
  type ImageDatasetOptions,
} from "../../src/keras/imageDatasetFromDirectory.ts";
import { loadImage } from "../../src/keras/loadImage.ts";
import { tf } from "../../src/tensorflow/tf.ts";
import { captureOutput } from "./captureOutput.ts";
import { camelCase, largestDifference } from "./generator/kerasTransforms.ts";

const fixtures = join(import.meta.dirname, "../fixtures/keras");
const directory = join(fixtures, "dataset");

// Made by Keras: test/fixtures/keras/makeDataset.py.
const cases = JSON.parse(readFileSync(join(fixtures, "dataset.json"), "utf8")) as {
  directory: string;
  size: [number, number];
  options: Record<string, string>;
  said: string;
  classNames: string[] | null;
  filePaths: string[];
  shape: number[];
  xs: number[];
  labels: { dtype: string; shape: number[]; values: number[] } | null;
}[];

function said<T>(work: () => T): { result: T; text: string } {
  const capture = captureOutput();
  try {
    const result = work();
    return { result, text: capture.end() };
  } finally {
    capture.end();
  }
}
const quiet = (options: ImageDatasetOptions & { subset?: "training" | "validation" }, place = directory) =>
  imageDatasetFromDirectory(place, { verbose: false, imageSize: 2, ...options });

/** All batches of an epoch in one. */
async function whole(dataset: ImageDataset): Promise<{ xs: tf.Tensor; ys: tf.Tensor | undefined }> {
  const batches: { xs: tf.Tensor4D; ys?: tf.Tensor }[] = [];
  for await (const batch of dataset) batches.push(batch);
  const xs = tf.concat(batches.map((batch) => batch.xs));
  const ys = batches[0]!.ys && tf.concat(batches.map((batch) => batch.ys!));
  tf.dispose(batches.map((batch) => ({ ...batch })));
  return { xs, ys };
}

describe("imageDatasetFromDirectory", () => {
  for (const expected of cases) {
    it(`gives what Keras does: ${expected.directory}, ${expected.size.join("x")}, ${JSON.stringify(expected.options)}`, async () => {
      const before = tf.memory().numTensors;
      const options = camelCase(expected.options) as ImageDatasetOptions & { subset?: "training" };
      const { result, text } = said(() =>
        imageDatasetFromDirectory(join(fixtures, expected.directory), {
          ...{ imageSize: expected.size, shuffle: false, batchSize: 3 },
          ...options,
        }),
      );
      assert.equal(text, expected.said);
      assert.deepEqual(result.classNames, expected.classNames);
      assert.deepEqual(
        result.filePaths,
        expected.filePaths.map((path) => join(fixtures, path)),
      );
      const { xs, ys } = await whole(result);
      assert.deepEqual(xs.shape, expected.shape);
      // TensorFlow's PNG decoder rounds the grey of a colour in another way: by a level.
      const tolerance = options.colorMode === "grayscale" ? 1.01 : 0.02;
      const difference = largestDifference(xs.dataSync(), expected.xs);
      assert.ok(difference <= tolerance, String(difference));
      assert.deepEqual(
        ys ? { dtype: ys.dtype, shape: ys.shape, values: Array.from(ys.dataSync()) } : null,
        expected.labels,
      );
      tf.dispose([xs, ys ?? []]);
      assert.equal(tf.memory().numTensors, before);
    });
  }

  it("splits a set in two by a seed, without a picture in both", () => {
    const options = { validationSplit: 0.5, seed: 4, imageSize: 2 } as const;
    const { result, text } = said(() => imageDatasetFromDirectory(directory, { ...options, subset: "both" }));
    assert.equal(
      text,
      "Found 4 files belonging to 2 classes.\nUsing 2 files for training.\nUsing 2 files for validation.\n",
    );
    const [train, validation] = result;
    assert.equal(new Set([...train.filePaths, ...validation.filePaths]).size, 4);
    for (const subset of ["training", "validation"] as const) {
      const alone = quiet({ ...options, subset });
      assert.deepEqual(alone.filePaths, (subset === "training" ? train : validation).filePaths);
    }
  });

  it("shuffles pictures with their labels, anew in each epoch", async () => {
    const root = mkdtempSync(join(tmpdir(), "dataset-"));
    try {
      for (let i = 0; i < 12; i++) {
        const place = join(root, String(i % 3));
        cpSync(join(directory, i % 3 === 0 ? "a/grey.png" : "b/wide.png"), join(place, `${i}.png`));
      }
      const epochs = async (seed: number) => {
        const dataset = quiet({ seed }, root);
        const found = [await whole(dataset), await whole(dataset)];
        const pairs = found.map(({ xs, ys }) => {
          const firsts = xs.dataSync().filter((_, at) => at % 12 === 0);
          return Array.from(ys!.dataSync(), (label, row) => `${label}: ${firsts[row]}`);
        });
        tf.dispose(found.map(({ xs, ys }) => [xs, ys!]));
        return pairs;
      };
      const [first, second] = await epochs(1);
      assert.notDeepEqual(second, first);
      assert.equal(new Set(first).size, 3, "each class has its picture");
      assert.deepEqual(await epochs(1), [first, second]);
    } finally {
      rmSync(root, { recursive: true });
    }
  });

  it("gives a single class as one column", async () => {
    const { xs, ys } = await whole(quiet({ labelMode: "categorical", classNames: ["a"] }));
    assert.deepEqual(ys?.shape, [xs.shape[0], 1]);
    assert.ok(ys.dataSync().every((value) => value === 1));
    tf.dispose([xs, ys]);
  });

  it("scales sixteen bits to 0 to 255, as TensorFlow's decoder does", async () => {
    const options = { labels: null, colorMode: "grayscale", imageSize: [9, 7], shuffle: false } as const;
    const path = join(fixtures, "pictures/grey16.png");
    const deep = await loadImage(path, { colorMode: "grayscale" });
    const dataset = quiet(options, join(fixtures, "pictures"));
    const { xs } = await whole(dataset);
    const row = dataset.filePaths.indexOf(path);
    const found = xs.dataSync().slice(row * 63, (row + 1) * 63);
    assert.deepEqual(
      Array.from(found),
      Array.from(deep.dataSync(), (value) => value >> 8),
    );
    tf.dispose([deep, xs]);
  });

  for (const labelMode of ["int", "categorical", "binary"] as const) {
    it(`trains, with labelMode "${labelMode}"`, async () => {
      const before = tf.memory().numTensors;
      const optimizer = tf.train.sgd(0.01);
      const units = labelMode === "binary" ? 1 : 2;
      const activation = labelMode === "binary" ? "sigmoid" : "softmax";
      const model = tf.sequential({
        layers: [tf.layers.flatten({ inputShape: [2, 2, 3] }), tf.layers.dense({ units, activation })],
      });
      const losses = {
        int: "sparseCategoricalCrossentropy",
        categorical: "categoricalCrossentropy",
        binary: "binaryCrossentropy",
      };
      model.compile({ optimizer, loss: losses[labelMode] });
      const { history } = await fit(model, quiet({ labelMode }), { epochs: 2, verbose: 0 });
      assert.ok(history.loss!.every(Number.isFinite));
      model.dispose();
      optimizer.dispose();
      assert.equal(tf.memory().numTensors, before);
    });
  }

  it('leaves out what cannot be read with onError: "skip", and names it without', async () => {
    const root = mkdtempSync(join(tmpdir(), "dataset-"));
    try {
      cpSync(directory, root, { recursive: true });
      mkdirSync(join(root, "empty"));
      writeFileSync(join(root, "a/broken.jpg"), "no picture");
      assert.throws(() => quiet({}, root), { message: /pictures of class "empty", found none/ });
      const strict = quiet({ classNames: ["a", "b"] }, root);
      await assert.rejects(whole(strict), { name: "InputError", message: /broken\.jpg/ });
      const capture = captureOutput();
      const { xs } = await whole(quiet({ onError: "skip", labelMode: "categorical" }, root)).finally(() =>
        capture.end(),
      );
      assert.equal(xs.shape[0], 4);
      xs.dispose();
    } finally {
      rmSync(root, { recursive: true });
    }
  });

  it("says in one line what is wrong with an option", () => {
    const refused = (options: object, message: RegExp, place = directory) =>
      assert.throws(() => quiet(options, place), { name: "InputError", message });
    refused({}, /a directory of pictures, found no nowhere$/, "nowhere");
    refused({}, /one directory per class, found none in/, join(directory, "a"));
    refused({ classNames: ["c"] }, /a directory of class "c", found a, b in/);
    refused({ labels: [1] }, /as many labels as files in .*, 5, found 1$/);
    refused({ labels: null, classNames: ["a"] }, /classNames only with labels "inferred"/);
    refused({ labelMode: "one-hot" }, /labelMode "int", .*found "one-hot"/);
    refused({ labelMode: "binary", classNames: ["a"] }, /two classes with labelMode "binary", found a$/);
    refused({ validationSplit: 0.2 }, /validationSplit and subset together, found validationSplit alone/);
    refused({ subset: "training" }, /together, found subset "training" alone/);
    refused({ validationSplit: 0.2, subset: "training" }, /a seed with validationSplit, found none/);
    refused({ validationSplit: 0.1, subset: "validation", seed: 1 }, /pictures for validation, found none/);
    refused({ interpolation: "box" }, /interpolation "nearest", .*found "box"/);
    refused({ cropToAspectRatio: true, padToAspectRatio: true }, /found both/);
    refused({ imageSize: [0, 1] }, /\[height, width\] in pixels, found \[0,1\]/);
  });
});
