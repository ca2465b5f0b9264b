import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DirectoryIterator } from "../../src/keras/directoryIterator.ts";
import { fit } from "../../src/keras/fit.ts";
import { imageDataGenerator } from "../../src/keras/imageDataGenerator.ts";
import { tf } from "../../src/tensorflow/tf.ts";
import { captureOutput } from "./captureOutput.ts";

const fixtures = join(import.meta.dirname, "../fixtures/keras");

async function sizes(flow: DirectoryIterator): Promise<number[]> {
  const found: number[] = [];
  for await (const { xs, ys } of flow) {
    found.push(xs.shape[0]);
    tf.dispose({ xs, ys });
  }
  return found;
}

describe('onError: "skip"', () => {
  const root = mkdtempSync(join(tmpdir(), "unreadable-"));
  const directory = join(root, "classes");
  before(() => {
    cpSync(join(fixtures, "classes"), directory, { recursive: true });
    const photo = readFileSync(join(fixtures, "pictures/photo.jpg"));
    writeFileSync(join(directory, "a/cut.jpg"), photo.subarray(0, photo.length / 2));
    writeFileSync(join(directory, "a/empty.png"), "");
    writeFileSync(join(directory, "b/text.png"), "no picture");
  });
  after(() => rmSync(root, { recursive: true }));

  const options = { targetSize: [2, 2], batchSize: 4, onError: "skip" } as const;

  it("leaves out what cannot be read, says so once, and fills the batches", async () => {
    const before = tf.memory().numTensors;
    const capture = captureOutput();
    const flow = imageDataGenerator().flowFromDirectory(directory, { ...options, shuffle: false });
    const [first, second] = [await sizes(flow), await sizes(flow)];
    const said = capture.end();
    assert.deepEqual(first, [4, 4, 4, 2]);
    assert.deepEqual(second, [4, 4, 4, 2]);
    assert.equal(flow.length, 4);
    assert.match(
      said,
      /^Found 17 images belonging to 3 classes\.\nSkipped 3 of 17 pictures that cannot be read: /,
    );
    assert.match(said, /a\/cut\.jpg, .*a\/empty\.png, .*b\/text\.png\n$/);
    assert.equal(said.split("Skipped").length, 2);
    assert.equal(tf.memory().numTensors, before);
  });

  it("trains with the rest, and without it does not", async () => {
    const before = tf.memory().numTensors;
    const optimizer = tf.train.sgd(0.01);
    const model = tf.sequential({
      layers: [
        tf.layers.flatten({ inputShape: [2, 2, 3] }),
        tf.layers.dense({ units: 3, activation: "softmax" }),
      ],
    });
    model.compile({ optimizer, loss: "categoricalCrossentropy" });
    const capture = captureOutput();
    try {
      const generator = imageDataGenerator({ rescale: 1 / 255 });
      await fit(model, generator.flowFromDirectory(directory, options), { epochs: 2, verbose: 0 });
      const strict = generator.flowFromDirectory(directory, { ...options, onError: "throw" });
      await assert.rejects(fit(model, strict, { verbose: 0 }), {
        name: "InputError",
        message:
          /^flowFromDirectory: expected a whole PNG, JPEG, .* picture, found .*; replace or remove the file$/,
      });
    } finally {
      capture.end();
    }
    model.dispose();
    optimizer.dispose();
    assert.equal(tf.memory().numTensors, before);
  });

  it("keeps a class without pictures, and says so", () => {
    mkdirSync(join(directory, "nothing"));
    const capture = captureOutput();
    const flow = imageDataGenerator().flowFromDirectory(directory, options);
    const said = capture.end();
    rmSync(join(directory, "nothing"), { recursive: true });
    assert.deepEqual(flow.classIndices, { B: 0, a: 1, b: 2, nothing: 3 });
    assert.match(
      said,
      /^No picture of class "nothing" in .*nothing\nFound 17 images belonging to 4 classes\.\n$/,
    );
  });

  it("fails where nothing at all can be read", async () => {
    const broken = join(root, "broken");
    mkdirSync(join(broken, "a"), { recursive: true });
    writeFileSync(join(broken, "a/text.png"), "no picture");
    const capture = captureOutput();
    const flow = imageDataGenerator().flowFromDirectory(broken, options);
    capture.end();
    await assert.rejects(sizes(flow), { name: "InputError", message: /text\.png/ });
  });
});
