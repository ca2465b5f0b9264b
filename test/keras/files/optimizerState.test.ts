import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { adam } from "../../../src/keras/optimizers/adam.ts";
import { loadModel, saveModel } from "../../../src/keras/modelFiles.ts";
import { tf } from "../../../src/tensorflow/tf.ts";
import { needPython } from "../../support/needs.ts";
import { python } from "../../support/paths.ts";
import { captureOutput } from "../captureOutput.ts";

const fixtures = join(import.meta.dirname, "../../fixtures/keras");
const x = Array.from({ length: 32 }, (_, index) => Math.sin(index * 1.7));
const y = Array.from({ length: 8 }, (_, index) => [index % 2, 1 - (index % 2)]).flat();

function runPython(script: string, request: object): Record<string, number[]> {
  const input = JSON.stringify(request);
  const answer = execFileSync(python!, [join(fixtures, script)], {
    input,
    stdio: ["pipe", "pipe", "ignore"],
  });
  return JSON.parse(answer.toString()) as Record<string, number[]>;
}

async function losses(model: tf.LayersModel, steps: number): Promise<number[]> {
  const [inputs, targets] = [tf.tensor2d(x, [8, 4]), tf.tensor2d(y, [8, 2])];
  const found: number[] = [];
  for (let step = 0; step < steps; step++) {
    const result = await model.trainOnBatch(inputs, targets);
    found.push([result].flat()[0]!);
  }
  tf.dispose([inputs, targets]);
  return found;
}

/** Those of TensorFlow.js, and one of ours that averages weights; names as in makeFiles.py. */
const optimizers: Record<string, () => tf.Optimizer> = {
  sgd: () => tf.train.sgd(0.1),
  momentum: () => tf.train.momentum(0.1, 0.9),
  nesterov: () => tf.train.momentum(0.1, 0.9, true),
  rmsprop: () => tf.train.rmsprop(0.01, 0.9, 0, 1e-7),
  // Not centred: there TensorFlow.js subtracts epsilon where Keras adds it, and soon has no number left.
  rmsprop_momentum: () => tf.train.rmsprop(0.01, 0.9, 0.5, 1e-7),
  adam: () => tf.train.adam(0.01),
  adam_averages: () => adam({ learningRate: 0.01, useEma: true, emaMomentum: 0.5, emaOverwriteFrequency: 2 }),
  adamax: () => tf.train.adamax(0.01, 0.9, 0.999),
  adagrad: () => tf.train.adagrad(0.1),
  adadelta: () => tf.train.adadelta(1, 0.95, 1e-7),
};

function small(optimizer: tf.Optimizer): tf.LayersModel {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 5, activation: "tanh", inputShape: [4] }),
      tf.layers.dense({ units: 2, activation: "softmax" }),
    ],
  });
  model.compile({ optimizer, loss: "categoricalCrossentropy", metrics: ["accuracy"] });
  return model;
}

function assertClose(found: readonly number[], wanted: readonly number[], limit: number, what: string): void {
  assert.equal(found.length, wanted.length, what);
  found.forEach((value, index) =>
    assert(Math.abs(value - wanted[index]!) <= limit, `${what}: ${found.join()} is not ${wanted.join()}`),
  );
}

/** TensorFlow.js puts epsilon elsewhere than Keras, and its Adadelta divides by the root of the last step's mean square. */
const limitOf = (name: string) => (name.includes("adadelta") ? 1e-3 : 1e-4);

describe("what an optimizer remembers", () => {
  let directory: string;
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "state-"))));
  afterEach(() => rmSync(directory, { recursive: true }));

  // Adamax has no way to hand out its state to TensorFlow.js' own form of file, and that has none for averages.
  const forms = (name: string) => [
    ...[".keras", ".h5"],
    ...(["adamax", "adam_averages"].includes(name) ? [] : [".json"]),
  ];

  for (const [name, make] of Object.entries(optimizers)) {
    for (const form of forms(name)) {
      it(`goes on after ${name}${form} as if nothing had happened`, async () => {
        const before = tf.memory().numTensors;
        const optimizer = make();
        const model = small(optimizer);
        await losses(model, 4);
        const path = join(directory, `model${form}`);
        const during = tf.memory().numTensors;
        await saveModel(model, path);
        assert.equal(tf.memory().numTensors, during);
        const uninterrupted = await losses(model, 3);
        const copy = await loadModel(path);
        assert.equal(copy.optimizer.iterations, 4);
        assertClose(await losses(copy, 3), uninterrupted, 1e-6, path);
        model.dispose();
        copy.dispose();
        optimizer.dispose();
        // TensorFlow.js' momentum forgets one tensor; ours, which Keras' files are loaded with, does not.
        const forgotten = optimizer.getClassName() !== "Momentum" ? 0 : form === ".json" ? 2 : 1;
        assert.equal(tf.memory().numTensors, before + forgotten);
      });
    }
  }

  it("is not read from TensorFlow.js' form of file where weights were averaged, which it does not know", async () => {
    const model = small(adam({ useEma: true }));
    await losses(model, 2);
    const path = join(directory, "model.json");
    await saveModel(model, path);
    const capture = captureOutput();
    const copy = await loadModel(path);
    assert.match(capture.end(), /model.json is not compiled: it was trained with what TensorFlow.js has not/);
    assert.equal(copy.optimizer, undefined);
  });

  it("is not written, and not read, when it is not wanted", async () => {
    const model = small(tf.train.adam(0.01));
    await losses(model, 2);
    const path = join(directory, "model.keras");
    await saveModel(model, path, { includeOptimizer: false });
    assert.equal((await loadModel(path)).optimizer, undefined);
    await saveModel(model, path);
    assert.equal((await loadModel(path, { compile: false })).optimizer, undefined);
  });

  describe("goes between Keras and us:", function () {
    this.timeout(240_000);
    before(needPython);

    it("Keras saves, we train on as it would", async () => {
      const wanted = runPython("makeFiles.py", { directory, x, y });
      for (const [name, theirs] of Object.entries(wanted)) {
        for (const form of [".keras", ".h5"]) {
          const capture = captureOutput();
          const model = await loadModel(join(directory, name + form));
          assert.equal(capture.end(), "", name + form);
          assertClose(await losses(model, 3), theirs, limitOf(name), name + form);
          model.dispose();
        }
      }
    });

    it("we save, Keras trains on as we would", async () => {
      const ours: Record<string, number[]> = {};
      for (const [name, make] of Object.entries(optimizers)) {
        const model = small(make());
        await losses(model, 4);
        // Keras 3.15 does not take up the state in an .h5 file, not in its own either.
        const file = join(directory, `${name}.keras`);
        await saveModel(model, file);
        ours[file] = [4, ...(await losses(model, 3))];
      }
      const theirs = runPython("resume.py", { files: Object.keys(ours), x, y });
      for (const [file, wanted] of Object.entries(ours))
        assertClose(theirs[file]!, wanted, limitOf(file), file);
    });
  });
});
