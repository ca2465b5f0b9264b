import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fit, type FitOptions } from "../../../src/keras/fit.ts";
import { loadModel, saveModel } from "../../../src/keras/modelFiles.ts";
import type { Batch, BatchTuple, TrainingData } from "../../../src/keras/training/batches.ts";
import type { ClassWeights } from "../../../src/keras/training/sampleWeights.ts";
import { tf } from "../../../src/tensorflow/tf.ts";

const count = 10;
const labels = Array.from({ length: count }, (_, index) => index % 3);
const weights = labels.map((_, index) => 0.5 + index / 5);

const x = () => tf.randomUniform([count, 4], -1, 1, "float32", 5);
const numbers = () => tf.tensor2d(labels, [count, 1]);
const oneHot = () => tf.tidy(() => tf.oneHot(tf.tensor1d(labels, "int32"), 3).toFloat());

function newModel(loss = "categoricalCrossentropy"): tf.LayersModel {
  const kernelInitializer = tf.initializers.glorotUniform({ seed: 4 });
  const model = tf.sequential({
    layers: [tf.layers.dense({ units: 3, activation: "softmax", inputShape: [4], kernelInitializer })],
  });
  model.compile({ optimizer: "sgd", loss });
  return model;
}

/** Two outputs of one input, `kind` with classes and `size` with a number. */
function newFork(lossWeights?: tf.ModelCompileArgs["lossWeights"]): tf.LayersModel {
  const kernelInitializer = tf.initializers.glorotUniform({ seed: 4 });
  const input = tf.input({ shape: [4] });
  const kind = tf.layers.dense({ units: 3, activation: "softmax", name: "kind", kernelInitializer });
  const size = tf.layers.dense({ units: 1, name: "size", kernelInitializer });
  const outputs = [kind, size].map((layer) => layer.apply(input) as tf.SymbolicTensor);
  const model = tf.model({ inputs: input, outputs });
  const loss = ["categoricalCrossentropy", "meanSquaredError"];
  model.compile({ optimizer: "sgd", loss, ...(lossWeights !== undefined && { lossWeights }) });
  return model;
}

/** Lets a model learn nothing. */
function still(model: tf.LayersModel): tf.LayersModel {
  (model.optimizer as tf.SGDOptimizer).setLearningRate(0);
  return model;
}

const quiet = { verbose: 0, shuffle: false, batchSize: 4, epochs: 3 } as const;

/** The losses of some epochs, of a model with the same first weights each time; frees the data. */
async function losses(
  data: TrainingData,
  options: FitOptions = {},
  model: tf.LayersModel = newModel(),
): Promise<number[]> {
  const { history } = await fit(model, data, { ...quiet, ...options });
  model.dispose();
  return history.val_loss ?? history.loss!;
}

function near(actual: readonly number[], wanted: readonly number[]): void {
  assert.equal(actual.length, wanted.length);
  actual.forEach((value, i) =>
    assert(Math.abs(value - wanted[i]!) < 1e-6, `${actual.join()} | ${wanted.join()}`),
  );
}

describe("weights of samples", () => {
  let before: number;
  let data: { x: tf.Tensor; y: tf.Tensor };
  let sampleWeight: tf.Tensor;
  beforeEach(() => {
    before = tf.memory().numTensors;
    data = { x: x(), y: oneHot() };
    sampleWeight = tf.tensor1d(weights);
  });
  afterEach(() => {
    tf.dispose([{ ...data }, sampleWeight]);
    assert.equal(tf.memory().numTensors, before, "tensors left behind");
  });

  it("are the same as option, in the data, third of a list and from a generator", async () => {
    const wanted = await losses(data, { sampleWeight });
    assert.notDeepEqual(wanted, await losses(data));
    near(await losses({ ...data, sampleWeight }), wanted);
    near(await losses([data.x, data.y, sampleWeight]), wanted);
    const part = (tensor: tf.Tensor, start: number) =>
      tf.slice(tensor, [start], [Math.min(4, count - start)]);
    function* batches(): Generator<Batch | BatchTuple> {
      for (let start = 0; start < count; start += 4) {
        const [xs, ys, weights] = [data.x, data.y, sampleWeight].map((all) => part(all, start));
        yield start === 4 ? [xs!, ys!, weights!] : { xs: xs!, ys: ys!, sampleWeight: weights! };
      }
    }
    near(await losses(batches), wanted);
  });

  it("are taken as a column too", async () => {
    const column = tf.reshape(sampleWeight, [count, 1]);
    near(await losses(data, { sampleWeight: column }), await losses(data, { sampleWeight }));
    column.dispose();
  });

  it("weigh the loss of the validation, which is the sum of weighted losses by the number of samples", async () => {
    const model = newModel();
    const wanted = tf.tidy(() => {
      const p = tf.gatherND(
        model.predict(data.x) as tf.Tensor,
        labels.map((label, i) => [i, label]),
      );
      return tf.mean(tf.mul(tf.neg(tf.log(p)), sampleWeight)).dataSync()[0]!;
    });
    const options = { validationData: { ...data, sampleWeight }, epochs: 1 };
    near(await losses(data, options, still(model)), [wanted]);
  });

  it("go with their samples when the data are shuffled and split", async () => {
    near(
      await losses(data, { sampleWeight, shuffle: true }, still(newModel())),
      await losses(data, { sampleWeight }, still(newModel())),
    );
    const first = tf.tensor1d(labels.map((_, i) => (i < count / 2 ? 1 : 0)));
    const options = { sampleWeight: first, validationSplit: 0.5, epochs: 1 };
    assert.deepEqual(await losses(data, options), [0]);
    first.dispose();
  });

  it("are for all outputs, or for each by its name", async () => {
    const y = { kind: data.y, size: numbers() };
    const all = await losses({ x: data.x, y, sampleWeight }, {}, newFork());
    const each = { kind: sampleWeight, size: sampleWeight };
    near(await losses({ x: data.x, y, sampleWeight: each }, {}, newFork()), all);
    const zeros = tf.zerosLike(sampleWeight);
    const kind = await losses({ x: data.x, y, sampleWeight: { ...each, size: zeros } }, {}, newFork());
    near(kind, await losses({ x: data.x, y, sampleWeight }, {}, newFork({ kind: 1, size: 0 })));
    tf.dispose([y.size, zeros]);
  });

  it("by class are those of the samples, whatever the targets are; a class that is not named counts 1", async () => {
    const classWeight = { 0: 0.5, 2: 3 };
    const byHand = tf.tensor1d(labels.map((label) => [0.5, 1, 3][label]!));
    const wanted = await losses(data, { sampleWeight: byHand });
    near(await losses(data, { classWeight }), wanted);
    near(await losses(data, { classWeight: [classWeight] }), wanted);
    const sparse = () => newModel("sparseCategoricalCrossentropy");
    for (const y of [numbers(), tf.tensor1d(labels), tf.tensor1d(labels, "int32")]) {
      near(await losses({ x: data.x, y }, { classWeight }, sparse()), wanted);
      y.dispose();
    }
    const valid = await losses(data, { classWeight, validationData: data, epochs: 1 });
    assert.notDeepEqual(
      valid,
      await losses(data, { validationData: { ...data, sampleWeight: byHand }, epochs: 1 }),
    );
    byHand.dispose();
  });

  const refused: [name: string, options: () => FitOptions, message: RegExp][] = [
    [
      "both kinds",
      () => ({ classWeight: { 0: 2 }, sampleWeight: tf.tensor1d(weights) }),
      /expected sampleWeight or classWeight, found both/,
    ],
    [
      "too few",
      () => ({ sampleWeight: tf.tensor1d([1, 2]) }),
      /expected sampleWeight of shape \[10\], found \[2\]/,
    ],
    [
      "one for each class",
      () => ({ sampleWeight: tf.ones([count, 3]) }),
      /expected sampleWeight of shape \[10\], found \[10, 3\]/,
    ],
    [
      "class weights that are no numbers",
      () => ({ classWeight: { 0: NaN } }),
      /classWeight with a number for each class.*found 0: NaN/,
    ],
    [
      "class weights by names of classes",
      () => ({ classWeight: { cat: 2 } as unknown as ClassWeights }),
      /found cat: 2/,
    ],
  ];
  for (const [name, options, message] of refused) {
    it(`refuses ${name}`, async () => {
      const model = newModel();
      const given = options();
      await assert.rejects(fit(model, data, { ...quiet, ...given }), message);
      if (given.sampleWeight) tf.dispose(given.sampleWeight as tf.Tensor);
      model.dispose();
    });
  }

  it("refuses class weights that do not say of which output", async () => {
    const model = newFork();
    const y = { kind: data.y, size: numbers() };
    const options = { ...quiet, classWeight: { 0: 2 } };
    await assert.rejects(
      fit(model, { x: data.x, y }, options),
      /expected classWeight for each of the outputs kind, size/,
    );
    y.size.dispose();
    model.dispose();
  });

  it("refuses weights as an option where batches come from a generator", async () => {
    const model = newModel();
    await assert.rejects(
      fit(model, () => [], { ...quiet, sampleWeight }),
      /let the generator give \{ xs, ys, sampleWeight \}/,
    );
    model.dispose();
  });
});

describe("weights of losses", () => {
  it("are a list or an object, and the whole loss is the weighted sum", async () => {
    const before = tf.memory().numTensors;
    const data = { x: x(), y: { kind: oneHot(), size: numbers() } };
    const lists = await losses(data, {}, newFork([2, 0.25]));
    near(await losses(data, {}, newFork({ size: 0.25, kind: 2 })), lists);
    const model = newFork([2, 0.25]);
    const { history } = await fit(model, data, { ...quiet, validationData: data });
    for (const name of ["", "val_"]) {
      const [kind, size] = [history[`${name}kind_loss`]!, history[`${name}size_loss`]!];
      near(
        history[`${name}loss`]!,
        kind.map((value, i) => 2 * value + 0.25 * size[i]!),
      );
    }
    model.dispose();
    tf.dispose([data.x, { ...data.y }]);
    assert.equal(tf.memory().numTensors, before);
  });

  it("may be one number where there is one output", async () => {
    const data = { x: x(), y: oneHot() };
    const model = newModel();
    model.compile({ optimizer: model.optimizer, loss: "categoricalCrossentropy", lossWeights: 3 });
    const [thrice] = await losses(data, {}, still(model));
    const [plain] = await losses(data, {}, still(newModel()));
    near([thrice! / 3], [plain!]);
    model.optimizer.dispose();
    tf.dispose({ ...data });
  });

  it("are kept in files, each way", async () => {
    const directory = mkdtempSync(join(tmpdir(), "loss-weights-"));
    const model = newFork({ kind: 2, size: 0.25 });
    for (const name of ["model.keras", "model.h5"]) {
      const path = join(directory, name);
      await saveModel(model, path);
      const loaded = await loadModel(path);
      assert.deepEqual((loaded as unknown as { lossWeights: number[] }).lossWeights, [2, 0.25]);
      loaded.dispose();
    }
    model.dispose();
    rmSync(directory, { recursive: true });
  });

  for (const wrong of [[1], { kind: 1 }, { kind: 1, size: 1, other: 1 }, 2, [1, NaN]]) {
    it(`refuses ${JSON.stringify(wrong)} for two outputs`, () => {
      const wanted =
        /^InputError: compile: expected lossWeights with a number for each of the outputs kind, size, found/;
      assert.throws(() => newFork(wrong), wanted);
    });
  }
});
