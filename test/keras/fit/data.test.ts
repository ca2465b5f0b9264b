import assert from "node:assert/strict";
import { fit } from "../../../src/keras/fit.ts";
import type { TrainingData } from "../../../src/keras/training/batches.ts";
import type { Logs } from "../../../src/keras/training/logNames.ts";
import { setRandomSeed } from "../../../src/tensorflow/randomSeed.ts";
import { tf } from "../../../src/tensorflow/tf.ts";
import { batches, leavesNothing, newModel, quiet, samples, sgd, weights, xs, ys } from "./network.ts";

describe("fit", () => {
  const clean = leavesNothing();

  it("trains on a generator as fitDataset does, under Keras' names", async () => {
    const [ours, theirs] = [newModel(), newModel()];
    const { history, epoch, params } = await fit(ours, batches, {
      epochs: 3,
      validationData: batches,
      ...quiet,
    });
    const generator = {
      iterator: () => Promise.resolve(batches()),
    } as unknown as tf.data.Dataset<tf.TensorContainer>;
    const { history: own } = await theirs.fitDataset(generator, {
      epochs: 3,
      validationData: generator,
      verbose: 0,
    });
    assert.deepEqual(epoch, [0, 1, 2]);
    assert.deepEqual(Object.keys(history), ["accuracy", "loss", "val_accuracy", "val_loss"]);
    for (const [name, other] of [
      ["loss", "loss"],
      ["accuracy", "acc"],
      ["val_loss", "val_loss"],
      ["val_accuracy", "val_acc"],
    ] as const) {
      history[name]!.forEach((value, index) =>
        assert(Math.abs(value - Number(own[other]![index])) < 1e-6, name),
      );
    }
    assert.deepEqual(await weights(ours), await weights(theirs));
    assert.deepEqual(params, { epochs: 3, steps: null, verbose: 0 });
    theirs.dispose();
    clean(ours);
  });

  it("trains on tensors as on batches of them", async () => {
    const [one, two] = [newModel(), newModel()];
    await fit(one, batches, { epochs: 2, ...quiet });
    const [x, y] = [xs(), ys()];
    const { params } = await fit(two, { x, y }, { epochs: 2, batchSize: 4, shuffle: false, ...quiet });
    assert.equal(params.steps, 3);
    assert.deepEqual(await weights(one), await weights(two));
    tf.dispose([x, y]);
    one.dispose();
    clean(two);
  });

  it("shuffles tensors anew, with their targets", async () => {
    const seen: number[][] = [];
    const x = tf.tidy(() => tf.range(0, samples).reshape<tf.Tensor2D>([samples, 1]));
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1], useBias: false })] });
    const watch = (yTrue: tf.Tensor, yPred: tf.Tensor) => {
      seen.push(Array.from(yTrue.dataSync()));
      return tf.losses.meanSquaredError(yTrue, yPred);
    };
    model.compile({ optimizer: sgd(0), loss: watch });
    await fit(model, [x, x], { epochs: 2, batchSize: samples, ...quiet });
    const sorted = Array.from({ length: samples }, (_, index) => index);
    for (const order of seen)
      assert.deepEqual(
        order.toSorted((a, b) => a - b),
        sorted,
      );
    assert(seen.some((order) => order.join() !== sorted.join()));
    x.dispose();
    clean(model);
  });

  for (const [name, data] of Object.entries<() => TrainingData>({
    "{ x, y }": () => ({ x: xs(), y: ys() }),
    "{ xs, ys }": () => ({ xs: xs(), ys: ys() }),
    "[x, y]": () => [xs(), ys()],
    "inputs by name": () => ({ x: { dense_in: xs() }, y: ys() }),
    "an array of batches": () => [{ xs: xs(), ys: ys() }],
    "a tf.data dataset": () => tf.data.generator(batches as never),
  })) {
    it(`takes ${name}`, async () => {
      const input = tf.input({ shape: [3], name: "dense_in" });
      const model = tf.model({
        inputs: input,
        outputs: tf.layers.dense({ units: 2, activation: "softmax" }).apply(input) as tf.SymbolicTensor,
      });
      model.compile({ optimizer: "sgd", loss: "categoricalCrossentropy" });
      const given = data();
      const { history } = await fit(model, given, { ...quiet });
      assert.deepEqual(Object.keys(history), ["loss"]);
      tf.dispose(given as tf.TensorContainer);
      clean(model);
    });
  }

  it("keeps the last part of the tensors for validation", async () => {
    const [one, two] = [newModel(), newModel()];
    const [x, y] = [xs(), ys()];
    const split = await fit(one, { x, y }, { validationSplit: 0.3, shuffle: false, batchSize: 7, ...quiet });
    const parts = [x, y].flatMap((tensor) => [tensor.slice([0], [7]), tensor.slice([7], [3])]);
    const apart = await fit(two, [parts[0]!, parts[2]!], {
      validationData: [parts[1]!, parts[3]!],
      shuffle: false,
      batchSize: 7,
      ...quiet,
    });
    assert.deepEqual(split.history, apart.history);
    tf.dispose([x, y, parts]);
    one.dispose();
    clean(two);
  });

  it("goes on in the data where an epoch of stepsPerEpoch ended", async () => {
    const sizes: number[] = [];
    const model = newModel();
    const callbacks = { onBatchEnd: (_: number, logs?: Logs) => void sizes.push(logs!.size!) };
    const { params } = await fit(model, batches, { epochs: 3, stepsPerEpoch: 2, callbacks, ...quiet });
    assert.deepEqual(sizes, [4, 4, 2, 4, 4, 2]);
    assert.equal(params.steps, 2);
    clean(model);
  });

  it("gives equal accuracies as equal numbers, whatever the sizes of the batches", async () => {
    const model = newModel();
    const [x, y] = [xs(), ys()];
    const options = { shuffle: false, validationData: { x, y }, ...quiet };
    const accuracies = new Set<number>();
    model.compile({ optimizer: sgd(0), loss: "categoricalCrossentropy", metrics: ["accuracy"] });
    for (const batchSize of [1, 2, 3, 4, 5, 7, 10]) {
      accuracies.add((await fit(model, { x, y }, { ...options, batchSize })).history.val_accuracy![0]!);
    }
    assert.equal(accuracies.size, 1);
    tf.dispose([x, y]);
    clean(model);
  });

  it("repeats itself after setRandomSeed: first weights, dropout and order", async () => {
    const { random } = Math;
    const train = async (seed: number) => {
      setRandomSeed(seed);
      const model = tf.sequential({
        layers: [
          tf.layers.dense({ units: 4, activation: "relu", inputShape: [3] }),
          tf.layers.dropout({ rate: 0.5 }),
          tf.layers.dense({ units: 2, activation: "softmax" }),
        ],
      });
      model.compile({ optimizer: sgd(0.1), loss: "categoricalCrossentropy" });
      const [x, y] = [xs(), ys()];
      await fit(model, { x, y }, { epochs: 3, batchSize: 4, ...quiet });
      const result = await weights(model);
      tf.dispose([x, y]);
      clean(model);
      return result;
    };
    try {
      const first = await train(1);
      assert.deepEqual(await train(1), first);
      assert.notDeepEqual(await train(2), first);
    } finally {
      Math.random = random;
    }
  });

  it("gives a binary target of one axis the second one", async () => {
    const [one, two] = [
      newModel({ units: 1, loss: "binaryCrossentropy" }),
      newModel({ units: 1, loss: "binaryCrossentropy" }),
    ];
    const [x, flat] = [xs(), tf.tidy(() => tf.range(0, samples).mod(2))];
    const y = flat.expandDims(1);
    const left = await fit(one, { x, y: flat }, { shuffle: false, ...quiet });
    const right = await fit(two, { x, y }, { shuffle: false, ...quiet });
    assert.deepEqual(left.history, right.history);
    const { history } = await fit(one, () => [{ xs: x.clone(), ys: flat.clone() }], { ...quiet });
    assert.equal(history.loss!.length, 1);
    tf.dispose([x, y, flat]);
    one.dispose();
    clean(two);
  });
});
