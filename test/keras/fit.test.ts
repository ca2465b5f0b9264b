import assert from "node:assert/strict";
import { setHost } from "../../src/jupyter/host.ts";
import { fit, type FitOptions } from "../../src/keras/fit.ts";
import type { Batch, TrainingData } from "../../src/keras/training/batches.ts";
import type { Logs } from "../../src/keras/training/logNames.ts";
import { setRandomSeed } from "../../src/tensorflow/randomSeed.ts";
import { tf } from "../../src/tensorflow/tf.ts";
import { captureOutput } from "./captureOutput.ts";

const quiet = { verbose: 0 } as const;

/** Optimizers hold a tensor, and a model frees only one that it made itself. */
const optimizers: tf.Optimizer[] = [];
function sgd(rate: number): tf.Optimizer {
  const optimizer = tf.train.sgd(rate);
  optimizers.push(optimizer);
  return optimizer;
}

/** A tiny network with fixed weights, so that two trainings can be compared. */
function newModel({ units = 2, loss = "categoricalCrossentropy" } = {}): tf.Sequential {
  const ones = { kernelInitializer: tf.initializers.constant({ value: 0.1 }) };
  const model = tf.sequential();
  model.add(
    tf.layers.dense({
      units: 4,
      activation: "relu",
      inputShape: [3],
      kernelInitializer: tf.initializers.glorotUniform({ seed: 3 }),
    }),
  );
  model.add(tf.layers.dense({ units, activation: units === 1 ? "sigmoid" : "softmax", ...ones }));
  model.compile({ optimizer: sgd(0.1), loss, metrics: ["accuracy"] });
  return model;
}

const samples = 10;
const xs = () => tf.randomUniform<tf.Rank.R2>([samples, 3], -1, 1, "float32", 5);
const ys = () =>
  tf.tidy(() => tf.oneHot(tf.range(0, samples, 1, "int32").mod(2).toInt(), 2).toFloat()) as tf.Tensor2D;

/** Batches of 4, 4 and 2. */
async function* batches(): AsyncGenerator<Batch> {
  const [x, y] = [xs(), ys()];
  try {
    for (let start = 0; start < samples; start += 4) {
      const count = Math.min(4, samples - start);
      await Promise.resolve();
      yield { xs: x.slice([start], [count]), ys: y.slice([start], [count]) };
    }
  } finally {
    tf.dispose([x, y]);
  }
}

async function weights(model: tf.LayersModel): Promise<number[]> {
  return (
    await Promise.all(model.getWeights().map(async (weight) => Array.from(await weight.data())))
  ).flat();
}

describe("fit", () => {
  let before: number;
  beforeEach(() => (before = tf.memory().numTensors));
  const clean = (model: tf.LayersModel) => {
    model.dispose();
    for (const optimizer of optimizers.splice(0)) optimizer.dispose();
    assert.equal(tf.memory().numTensors, before, "tensors left behind");
  };

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

  it("tells callbacks of everything, in order, under either name", async () => {
    const heard: string[] = [];
    let trained: tf.LayersModel | undefined;
    const model = newModel();
    await fit(model, batches, {
      epochs: 5,
      initialEpoch: 4,
      validationData: batches,
      callbacks: [
        {
          setModel: (given) => (trained = given),
          onTrainBegin: () => void heard.push("train"),
          onTrainEnd: () => void heard.push("end"),
          onEpochBegin: (epoch) => void heard.push(`epoch ${epoch}`),
          onEpochEnd(epoch, logs) {
            assert.deepEqual(Object.keys(logs!), ["accuracy", "loss", "val_accuracy", "val_loss"]);
            assert.equal(logs!.val_acc, logs!.val_accuracy);
            assert.equal(logs!.valAccuracy, logs!.val_accuracy);
            assert.equal(logs!.valLoss, logs!.val_loss);
            heard.push(`end ${epoch}`);
          },
          onBatchBegin: (batch) => void heard.push(`batch ${batch}`),
          onBatchEnd: (batch, logs) => void heard.push(`end ${batch} ${typeof logs!.loss}`),
        },
      ],
      ...quiet,
    });
    const steps = [0, 1, 2].flatMap((batch) => [`batch ${batch}`, `end ${batch} number`]);
    assert.deepEqual(heard, ["train", "epoch 4", ...steps, "end 4", "end"]);
    assert.equal(trained, model);
    clean(model);
  });

  it("works with TensorFlow.js's early stopping", async () => {
    const model = newModel();
    model.compile({ optimizer: sgd(0), loss: "categoricalCrossentropy", metrics: ["accuracy"] });
    const stop = tf.callbacks.earlyStopping({ monitor: "val_acc", patience: 1 });
    const { epoch } = await fit(model, batches, {
      epochs: 9,
      validationData: batches,
      callbacks: stop as never,
      ...quiet,
    });
    assert.deepEqual(epoch, [0, 1, 2].slice(0, epoch.length));
    assert(epoch.length < 9);
    clean(model);
  });

  describe("stopped by a signal", () => {
    for (const [name, use] of Object.entries<(signal: AbortSignal) => FitOptions>({
      "of its own": (signal) => ({ signal }),
      "of the notebook": (signal) => {
        setHost({ display: () => undefined, notebook: true, signal });
        return {};
      },
    })) {
      it(`${name}, it ends after the batch, keeps weights and history, and leaves no tensor`, async () => {
        const model = newModel();
        const start = await weights(model);
        const abort = new AbortController();
        const heard: string[] = [];
        const callbacks = {
          onBatchEnd: (batch: number) =>
            void (heard.push(`batch ${batch}`), heard.length === 5 && abort.abort()),
          onEpochEnd: (epoch: number) => void heard.push(`epoch ${epoch}`),
        };
        const training = fit(model, batches, { epochs: 9, callbacks, ...quiet, ...use(abort.signal) });
        await assert.rejects(training, { name: "AbortError" }).finally(() => setHost(undefined));
        assert.deepEqual(heard, ["batch 0", "batch 1", "batch 2", "epoch 0", "batch 0"]);
        assert.notDeepEqual(await weights(model), start);
        assert.equal((model.history as unknown as { epoch: number[] }).epoch.length, 1);
        // And it can be trained on.
        await fit(model, batches, { ...quiet });
        clean(model);
      });
    }

    it("lets a timer abort it although the data never wait", async () => {
      const model = newModel();
      const [x, y] = [xs(), ys()];
      const training = fit(model, { x, y }, { epochs: 100_000, signal: AbortSignal.timeout(200), ...quiet });
      await assert.rejects(training, { name: "TimeoutError" });
      tf.dispose([x, y]);
      clean(model);
    });
  });

  describe("says", () => {
    const said = async (options: FitOptions): Promise<string> => {
      const model = newModel();
      const capture = captureOutput();
      let text = "";
      try {
        await fit(model, batches, options);
      } finally {
        text = capture.end();
      }
      clean(model);
      return text;
    };
    const line =
      /^Epoch (\d)\/2 {2}3\/3 ━{20} \d+\.\d s \d+ ms\/step - accuracy: \d\.\d{4} - loss: \d\.\d{4} - val_accuracy: \d\.\d{4} - val_loss: \d\.\d{4}$/;

    for (const verbose of [1, 2] as const) {
      it(`one line an epoch with verbose ${verbose}`, async () => {
        const text = await said({ epochs: 2, stepsPerEpoch: 3, validationData: batches, verbose });
        const lines = text.trimEnd().split("\n");
        assert.deepEqual(
          lines.map((one) => line.exec(one)?.[1]),
          ["1", "2"],
          text,
        );
      });
    }

    it("nothing with verbose 0", async () => assert.equal(await said({ epochs: 2, verbose: 0 }), ""));

    it("how far it is, at most five times a second, where somebody watches", async () => {
      setHost({ display: () => undefined, notebook: true });
      const wait = () => new Promise((resolve) => setTimeout(resolve, 120));
      const text = await said({
        stepsPerEpoch: 10,
        callbacks: { onBatchEnd: async () => void (await wait()) },
      }).finally(() => setHost(undefined));
      const updates = text.split("\r").slice(1);
      assert(updates.length >= 4 && updates.length <= 8, JSON.stringify(text));
      assert.match(updates[0]!, /^Epoch 1\/1 {2}[12]\/10 ━+╌+ .* - loss: \d\.\d{4}\s*$/);
      assert(updates.at(-1)!.endsWith("\n"));
    });
  });

  describe("refuses in one line", () => {
    const refuses = async (
      work: (model: tf.LayersModel) => Promise<unknown>,
      message: RegExp,
      model = newModel(),
    ) => {
      await assert.rejects(work(model), (error: Error) => {
        assert.equal(error.name, "InputError", error.stack);
        assert.match(error.message, message);
        return true;
      });
      clean(model);
    };
    const batch = (x: number[], y: number[]) => () => [{ xs: tf.zeros(x), ys: tf.zeros(y) }];

    it("a model that is not compiled", () =>
      refuses(
        (model) => fit(model, batches),
        /^fit: expected a compiled model, found ".*", not compiled/,
        tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [3] })] }),
      ));
    it("pictures of another size", () =>
      refuses(
        (model) => fit(model, batch([4, 28, 28, 1], [4, 2])),
        /^fit: expected xs of shape \[batch, 3\], found \[4, 28, 28, 1\]; look at targetSize/,
      ));
    it("targets of another number of classes", () =>
      refuses(
        (model) => fit(model, batch([4, 3], [4, 3])),
        /expected ys of shape \[batch, 2\], found \[4, 3\]; look at classMode/,
      ));
    it("targets without classes", () =>
      refuses(
        (model) => fit(model, batch([4, 3], [4])),
        /^fit: expected one-hot targets \[batch, 2\].* found \[4\], which look like the numbers of classes; use/,
      ));
    it("targets of another size", () =>
      refuses(
        (model) => fit(model, batch([4, 3], [4, 3])),
        /expected ys of shape \[batch, 2\], found \[4, 3\]/,
      ));
    it("another number of targets", () =>
      refuses((model) => fit(model, batch([4, 3], [5, 2])), /expected as many ys as xs, found 4 and 5/));
    it("batches without targets", () =>
      refuses(
        (model) => fit(model, () => [{ xs: tf.zeros([4, 3]) }]),
        /expected batches \{ xs, ys \}, found a batch without ys/,
      ));
    it("a generator that has ended", () =>
      refuses(
        (model) => fit(model, batches(), { epochs: 2, ...quiet }),
        /expected batches in epoch 2, found none; pass a function/,
      ));
    it("a split of batches", () =>
      refuses(
        (model) => fit(model, batches, { validationSplit: 0.2 }),
        /expected tensors with validationSplit, found batches/,
      ));
    it("no epochs", () =>
      refuses((model) => fit(model, batches, { epochs: 0 }), /expected epochs of at least 1, found 0/));
    it("a second training at once", async () => {
      const model = newModel();
      const first = fit(model, batches, { ...quiet });
      await assert.rejects(fit(model, batches), /expected a model at rest/);
      await first;
      clean(model);
    });
  });

  it("leaves no tensor when a callback or the data fail", async () => {
    const model = newModel();
    const fail = () => {
      throw new Error("failed");
    };
    for (const hook of ["onBatchBegin", "onBatchEnd", "onEpochEnd"]) {
      await assert.rejects(fit(model, batches, { callbacks: { [hook]: fail }, ...quiet }), /failed/);
    }
    async function* broken(): AsyncGenerator<Batch> {
      yield* batches();
      fail();
    }
    await assert.rejects(fit(model, broken, { ...quiet }), /failed/);
    clean(model);
  });
});
