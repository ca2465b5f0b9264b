import assert from "node:assert/strict";
import { InputError } from "../../../src/errors.ts";
import { fit } from "../../../src/keras/fit.ts";
import type { TrainingData } from "../../../src/keras/training/batches.ts";
import { tf } from "../../../src/tensorflow/tf.ts";

const xs = [
  [0, 0, 1],
  [0, 1, 0],
  [1, 0, 0],
  [1, 1, 1],
];
const ys = [[0], [1], [1], [0]];
const weights = [1, 2, 3, 4];

/** A model of one or two inputs, always with the same weights. */
function newModel(inputs = 1): tf.LayersModel {
  const symbols = Array.from({ length: inputs }, (_, index) => tf.input({ shape: [3], name: "ab"[index]! }));
  const joined = inputs === 1 ? symbols[0]! : (tf.layers.add().apply(symbols) as tf.SymbolicTensor);
  const layer = tf.layers.dense({ units: 1, activation: "sigmoid", kernelInitializer: "ones" });
  const model = tf.model({ inputs: symbols, outputs: layer.apply(joined) as tf.SymbolicTensor });
  model.compile({ optimizer: "sgd", loss: "binaryCrossentropy" });
  return model;
}

async function lossOf(data: TrainingData, options: object = {}, inputs = 1): Promise<number> {
  const model = newModel(inputs);
  try {
    const { history } = await fit(model, data, { verbose: 0, epochs: 2, shuffle: false, ...options });
    return history.loss!.at(-1)!;
  } finally {
    model.dispose();
  }
}

describe("data in arrays", () => {
  let before: number;
  let [x, y, weight]: tf.Tensor[] = [];
  beforeEach(() => {
    before = tf.memory().numTensors;
    [x, y, weight] = [tf.tensor2d(xs), tf.tensor2d(ys), tf.tensor1d(weights)];
  });
  afterEach(() => {
    tf.dispose([x!, y!, weight!]);
    assert.equal(tf.memory().numTensors, before, "tensors left behind");
  });

  const same: [name: string, data: () => TrainingData, options?: object][] = [
    ["rows", () => ({ x: xs, y: ys })],
    ["a list of inputs and targets", () => [xs, ys]],
    ["targets in a typed array", () => ({ x: x!, y: new Float32Array(ys.flat()) })],
    ["targets of whole numbers", () => ({ x: x!, y: new Int32Array(ys.flat()) })],
    ["targets of double precision", () => ({ x: x!, y: new Float64Array(ys.flat()) })],
    ["rows that are typed arrays", () => ({ x: xs.map((row) => Float32Array.from(row)), y: ys })],
    ["yes and no", () => ({ x: x!, y: ys.map(([one]) => one === 1) })],
    ["batches of rows", () => () => [{ xs, ys }]],
    ["batches that are lists", () => () => [[xs, ys] as const]],
    ["inputs by name", () => ({ x: { a: xs }, y: ys })],
  ];
  for (const [name, data] of same) {
    it(`train as tensors do: ${name}`, async () => {
      assert.equal(await lossOf(data()), await lossOf({ x: x!, y: y! }));
    });
  }

  it("are one for each input where there are several", async () => {
    const wanted = await lossOf({ x: [x!, x!], y: y! }, {}, 2);
    assert.equal(await lossOf({ x: [xs, xs], y: ys }, {}, 2), wanted);
    assert.equal(await lossOf({ x: { a: xs, b: x! }, y: ys }, {}, 2), wanted);
  });

  it("weigh samples, validate, and can be split", async () => {
    const wanted = await lossOf({ x: x!, y: y! }, { sampleWeight: weight });
    assert.equal(await lossOf({ x: xs, y: ys }, { sampleWeight: weights }), wanted);
    assert.equal(await lossOf([xs, ys, weights]), wanted);
    const model = newModel();
    const options = { verbose: 0, validationSplit: 0.5, batchSize: 1 } as const;
    const { history } = await fit(model, { x: xs, y: ys }, options);
    const held = await fit(model, { x: xs, y: ys }, { verbose: 0, validationData: [xs, ys] });
    assert.deepEqual([history.val_loss!.length, held.history.val_loss!.length], [1, 1]);
    model.dispose();
  });

  it("are evaluated, and predicted from", () => {
    const model = newModel();
    type Given = tf.Tensor;
    tf.tidy(() => {
      const [found, wanted] = [model.predict(xs as never), model.predict(x!)] as Given[];
      assert.deepEqual(found!.arraySync(), wanted!.arraySync());
      const losses = [model.evaluate(xs as never, ys as never), model.evaluate(x!, y!)] as Given[];
      assert.deepEqual(losses[0]!.arraySync(), losses[1]!.arraySync());
    });
    model.dispose();
  });

  const refused: [name: string, data: () => TrainingData, message: RegExp][] = [
    [
      "rows of different lengths",
      () => ({ x: [[1, 2], [3]], y: ys }),
      /^fit, xs: expected numbers in rows of equal length, found .+$/,
    ],
    [
      "no samples",
      () => ({ x: tf.zeros([0, 3]), y: tf.zeros([0, 1]) }),
      /^fit: expected samples, found none$/,
    ],
    ["targets that do not fit", () => ({ x: xs, y: [1, 2] }), /expected as many ys as xs, found 4 and 2$/],
    [
      "samples that are tensors of their own",
      () => ({ x: tf.unstack(x!), y: ys }),
      /expected 1 tensor xs \(a\), found 4; make one of several samples by tf.stack\(tensors\)$/,
    ],
  ];
  for (const [name, data, message] of refused) {
    it(`are refused in one line: ${name}`, async () => {
      const given = data();
      await assert.rejects(
        lossOf(given),
        (error) => error instanceof InputError && message.test(error.message),
      );
      tf.dispose(Object.values(given) as tf.Tensor[]);
    });
  }
});
