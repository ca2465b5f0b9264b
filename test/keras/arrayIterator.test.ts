import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ArrayBatch, ArrayIterator } from "../../src/keras/arrayIterator.ts";
import { fit } from "../../src/keras/fit.ts";
import { imageDataGenerator } from "../../src/keras/imageDataGenerator.ts";
import { loadImage } from "../../src/keras/loadImage.ts";
import { tf } from "../../src/tensorflow/tf.ts";

/** Ten pictures of 2x2, each of one level: its number. */
const pictures = () =>
  tf.tensor4d(
    Array.from({ length: 40 }, (_, i) => Math.floor(i / 4)),
    [10, 2, 2, 1],
  );
const labels = () =>
  tf.tensor1d(
    Array.from({ length: 10 }, (_, i) => i % 2),
    "int32",
  );

async function batches(flow: ArrayIterator): Promise<ArrayBatch[]> {
  const found: ArrayBatch[] = [];
  for await (const batch of flow) found.push(batch);
  return found;
}

/** The first value of each picture of an epoch. */
async function levels(flow: ArrayIterator): Promise<number[]> {
  const found = await batches(flow);
  const values = found.flatMap(({ xs }) => Array.from((xs as tf.Tensor4D).dataSync()));
  tf.dispose(found.map((batch) => ({ ...batch })));
  return values.filter((_, at) => at % 4 === 0);
}

describe("flow", () => {
  it("gives pictures with their targets and weights, in batches", async () => {
    const before = tf.memory().numTensors;
    const [x, y] = [pictures(), labels()];
    const sampleWeight = Array.from({ length: 10 }, (_, i) => i / 10);
    const flow = imageDataGenerator({ rescale: 2 }).flow(x, y, {
      batchSize: 4,
      shuffle: false,
      sampleWeight,
    });
    tf.dispose([x, y]);
    assert.equal(flow.length, 3);
    const all = await batches(flow);
    const [first, , last] = all;
    assert.deepEqual(first!.ys!.dtype, "int32");
    assert.deepEqual(Array.from(first!.ys!.dataSync()), [0, 1, 0, 1]);
    assert.deepEqual(last!.sampleWeight!.dataSync(), Float32Array.of(0.8, 0.9));
    assert.deepEqual((last!.xs as tf.Tensor4D).shape, [2, 2, 2, 1]);
    assert.deepEqual(Array.from((last!.xs as tf.Tensor4D).dataSync()), [16, 16, 16, 16, 18, 18, 18, 18]);
    tf.dispose(all.map((batch) => ({ ...batch })));
    assert.equal(tf.memory().numTensors, before);
  });

  it("shuffles anew in each epoch, and repeats itself with a seed", async () => {
    const x = pictures();
    const generator = imageDataGenerator({ rotationRange: 40, channelShiftRange: 3, horizontalFlip: true });
    const flow = (seed?: number) => generator.flow(x, undefined, { ...(seed !== undefined && { seed }) });
    const [one, two] = [flow(5), flow(5)];
    const [first, second] = [await levels(one), await levels(one)];
    assert.notDeepEqual(second, first);
    assert.deepEqual([await levels(two), await levels(two)], [first, second]);
    assert.notDeepEqual(await levels(flow()), first);
    x.dispose();
  });

  it("draws the same for the n-th epoch when epochs before were left early", async () => {
    const x = pictures();
    const generator = imageDataGenerator({ rotationRange: 40 });
    const [whole, early] = [1, 2].map(() => generator.flow(x, undefined, { seed: 5, batchSize: 2 }));
    await levels(whole!);
    for await (const { xs } of early!) {
      tf.dispose(xs);
      break;
    }
    assert.deepEqual(await levels(early!), await levels(whole!));
    x.dispose();
  });

  it("gives validation the first part", async () => {
    const [x, y] = [pictures(), labels()];
    const generator = imageDataGenerator({ validationSplit: 0.25 });
    const part = (subset: "training" | "validation") => generator.flow(x, y, { subset, shuffle: false });
    assert.deepEqual(await levels(part("validation")), [0, 1]);
    assert.deepEqual(await levels(part("training")), [2, 3, 4, 5, 6, 7, 8, 9]);
    tf.dispose([x, y]);
  });

  it("gives other inputs beside the pictures, as they are", async () => {
    const [x, other] = [pictures(), tf.range(0, 10, 1, "int32")];
    const flow = imageDataGenerator({ rescale: 3 }).flow([x, other], undefined, { shuffle: false });
    const [batch] = await batches(flow);
    const [, given] = batch!.xs as tf.Tensor[];
    assert.deepEqual(Array.from(given!.dataSync()), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    tf.dispose([x, other, { ...batch }]);
  });

  it("cuts to whole numbers with dtype int32", async () => {
    const x = pictures();
    const generator = imageDataGenerator({ rescale: 0.5, dtype: "int32" });
    const [batch] = await batches(generator.flow(x, undefined, { shuffle: false }));
    const xs = batch!.xs as tf.Tensor4D;
    assert.equal(xs.dtype, "int32");
    assert.deepEqual(Array.from(xs.dataSync()).slice(8, 16), [1, 1, 1, 1, 1, 1, 1, 1]);
    tf.dispose([x, xs]);
  });

  it("trains", async () => {
    const before = tf.memory().numTensors;
    const [x, y] = [pictures(), labels()];
    const optimizer = tf.train.sgd(0.01);
    const model = tf.sequential({
      layers: [
        tf.layers.flatten({ inputShape: [2, 2, 1] }),
        tf.layers.dense({ units: 1, activation: "sigmoid" }),
      ],
    });
    model.compile({ optimizer, loss: "binaryCrossentropy" });
    const flow = imageDataGenerator({ rotationRange: 10 }).flow(x, y, { batchSize: 4 });
    const { history } = await fit(model, flow, { epochs: 2, verbose: 0 });
    assert.equal(history.loss!.length, 2);
    model.dispose();
    optimizer.dispose();
    tf.dispose([x, y]);
    assert.equal(tf.memory().numTensors, before);
  });

  it("saves what it gives, on request", async () => {
    const saveToDir = mkdtempSync(join(tmpdir(), "saved-"));
    try {
      const x = tf.tensor4d([0, 1, 2, 4], [1, 2, 2, 1]);
      const flow = imageDataGenerator().flow(x, undefined, { saveToDir, savePrefix: "digit" });
      await levels(flow);
      const [name, ...others] = readdirSync(saveToDir);
      assert.deepEqual(others, []);
      assert.match(name!, /^digit_0_\d+\.png$/);
      const saved = await loadImage(join(saveToDir, name!), { colorMode: "grayscale" });
      assert.deepEqual(Array.from(saved.dataSync()), [0, 63, 127, 255]);
      tf.dispose([x, saved]);
    } finally {
      rmSync(saveToDir, { recursive: true });
    }
  });

  it("stops between batches when it is told to", async () => {
    const x = pictures();
    const controller = new AbortController();
    const flow = imageDataGenerator().flow(x, undefined, { batchSize: 2, signal: controller.signal });
    let seen = 0;
    await assert.rejects(
      async () => {
        for await (const { xs } of flow) {
          tf.dispose(xs);
          if (++seen === 2) controller.abort();
        }
      },
      { name: "AbortError" },
    );
    assert.equal(seen, 2);
    x.dispose();
  });

  it("says in one line what does not fit together", () => {
    const [x, y] = [pictures(), tf.tensor1d([1, 2])];
    const generator = imageDataGenerator({ validationSplit: 0.2 });
    const refused = (work: () => unknown, message: RegExp) =>
      assert.throws(work, { name: "InputError", message });
    refused(() => generator.flow(y as never), /flow: expected pictures \[count, .*\], found \[2\]/);
    refused(() => generator.flow(x, y), /as many targets as pictures, 10, found 2/);
    refused(() => generator.flow(x, undefined, { sampleWeight: [1] }), /as many weights as pictures/);
    refused(() => generator.flow([x, y]), /as many inputs 1 as pictures/);
    const sorted = tf.range(0, 10);
    refused(() => generator.flow(x, sorted, { subset: "training" }), /the same classes in both subsets/);
    generator.flow(x, sorted, { subset: "training", ignoreClassSplit: true });
    tf.dispose([x, y, sorted]);
  });
});
