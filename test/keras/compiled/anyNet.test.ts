import assert from "node:assert/strict";
import seedrandom from "seedrandom";
import { setRandomSeed } from "../../../src/index.ts";
import { tf } from "../../../src/tensorflow/tf.ts";
import { needTensorflow } from "../../support/needTensorflow.ts";

const { layers } = tf;

/** A net that nobody has drawn, with its optimizer and batches: all of it follows from the seed. */
function draw(seed: number) {
  const random = seedrandom.alea(`net ${seed}`);
  const whole = (least: number, most: number): number => least + Math.floor(random() * (most - least + 1));
  const one = <const Choices extends readonly unknown[]>(...choices: Choices): Choices[number] =>
    choices[whole(0, choices.length - 1)]!;
  const activation = () => one("relu", "tanh", "sigmoid", "elu", "selu", "softplus", "linear");
  const padding = () => one("same", "valid");
  const weights = () => ({
    ...(random() < 0.2 && { kernelRegularizer: tf.regularizers.l1l2({ l1: 0.001, l2: 0.01 }) }),
    ...(random() < 0.2 && { kernelConstraint: tf.constraints.maxNorm({ maxValue: 1.5 }) }),
  });

  const block = (x: tf.SymbolicTensor): tf.SymbolicTensor => {
    const side = Math.min(x.shape[1]!, x.shape[2]!);
    const kernelSize = Math.min(whole(1, 3), side);
    const convolution = (more: object = {}) =>
      layers.conv2d({
        filters: 3,
        kernelSize: 1,
        padding: "same",
        activation: activation(),
        ...weights(),
        ...more,
      });
    const make: (() => tf.layers.Layer)[] = [
      () => convolution({ kernelSize, strides: whole(1, 2), padding: padding(), useBias: random() < 0.8 }),
      () =>
        layers.depthwiseConv2d({ kernelSize, strides: whole(1, 2), padding: padding(), depthMultiplier: 2 }),
      () => layers.separableConv2d({ filters: 3, kernelSize, padding: padding(), activation: activation() }),
      () => layers.conv2dTranspose({ filters: 2, kernelSize: 2, padding: padding() }),
      () =>
        one(
          layers.maxPooling2d,
          layers.averagePooling2d,
        )({ poolSize: Math.min(3, side), strides: whole(1, 2), padding: padding() }),
      () => layers.batchNormalization({ scale: random() < 0.7, momentum: 0.9, trainable: random() < 0.7 }),
      () => one(layers.dropout({ rate: 0.3 }), layers.gaussianNoise({ stddev: 0.1 })),
      () => one(layers.leakyReLU(), layers.prelu({ sharedAxes: [1, 2] }), layers.layerNormalization()),
    ];
    const kind = whole(0, make.length + 1);
    if (kind < make.length) return make[kind]!().apply(x) as tf.SymbolicTensor;
    if (kind === make.length) {
      const branches = [convolution(), convolution({ kernelSize })].map(
        (layer) => layer.apply(x) as tf.SymbolicTensor,
      );
      const join = one(layers.add, layers.concatenate, layers.multiply, layers.average, layers.maximum);
      return join().apply(branches) as tf.SymbolicTensor;
    }
    const shared = convolution({ filters: x.shape[3]! });
    return shared.apply(shared.apply(x)) as tf.SymbolicTensor;
  };

  const input = tf.input({ shape: [whole(5, 9), whole(5, 9), whole(1, 3)] });
  let x: tf.SymbolicTensor = input;
  for (let count = whole(2, 4); count > 0; count--) x = block(x);
  const flat = layers.flatten().apply(x) as tf.SymbolicTensor;
  const output = layers.dense({ units: 3, activation: "softmax", ...weights() }).apply(flat);
  const model = tf.model({ inputs: input, outputs: output as tf.SymbolicTensor });
  const optimizer = one(
    tf.train.sgd(0.01),
    tf.train.momentum(0.01, 0.9),
    tf.train.rmsprop(0.003),
    tf.train.adam(0.003),
  );
  model.compile({ optimizer, loss: "categoricalCrossentropy", metrics: ["accuracy"] });
  const batch = (size: number) => ({
    x: tf.tidy(() =>
      tf
        .sin(tf.range(0, size * input.shape.slice(1).reduce<number>((a, b) => a * b!, 1)))
        .reshape([size, ...(input.shape.slice(1) as number[])]),
    ),
    y: tf.tidy(() => tf.oneHot(tf.range(0, size, 1, "int32").mod(tf.scalar(3, "int32")), 3).toFloat()),
  });
  return { model, batch, frozen: whole(1, model.layers.length - 1) };
}

type Drawn = ReturnType<typeof draw>;

/** Losses of steps with a smaller batch and a frozen layer among them, and what the model predicts afterwards. */
async function train({ model, batch, frozen }: Drawn, seed: number): Promise<number[]> {
  const found: number[] = [];
  for (let step = 0; step < 6; step++) {
    const { x, y } = batch(step === 3 ? 4 : 6);
    if (step === 4) model.layers[frozen]!.trainable = false;
    setRandomSeed(seed + step);
    found.push(...[await model.trainOnBatch(x, y)].flat());
    if (step === 5) found.push(...tf.tidy(() => (model.predict(x) as tf.Tensor).dataSync()));
    tf.dispose([x, y]);
  }
  return found;
}

describe("a net that nobody has drawn", () => {
  for (let seed = 1; seed <= 8; seed++) {
    it(`is trained to the same numbers compiled and operation by operation: ${seed}`, async function () {
      needTensorflow.call(this);
      setRandomSeed(seed);
      const [compiled, eager] = [draw(seed), draw(seed)];
      eager.model.setWeights(compiled.model.getWeights());
      compiled.model.setWeights(eager.model.getWeights());
      for (const layer of eager.model.layers)
        (layer as unknown as { setCallHook(hook: () => void): void }).setCallHook(() => undefined);
      const [found, wanted] = [await train(compiled, seed), await train(eager, seed)];
      found.forEach((value, index) => {
        const off = Math.abs(value - wanted[index]!);
        assert.ok(
          off <= 1e-4 * (1 + Math.abs(wanted[index]!)),
          `number ${index}: ${value} for ${wanted[index]}`,
        );
      });
      for (const { model } of [compiled, eager]) model.dispose();
    });
  }
});
