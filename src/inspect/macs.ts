import type { tf } from "../tensorflow/tf.ts";
import { channelsComeFirst, layerSetting } from "./layerSetting.ts";
import type { LayerCall, Shape } from "./modelGraph.ts";

/**
 * How often a call of a layer multiplies and adds, for one sample: the numbers of a kernel for each place where it is laid.
 * Biases, activations, poolings and normalizations do not count, as is usual; an operation (FLOP) is half of one. `undefined`
 * where the shapes are not known, or for a layer of a class that nobody has told us about and that has a matrix of weights.
 */
export function macsOf({ layer, inputShapes, outputShapes }: LayerCall): number | undefined {
  const count = macsPerSample(layer, inputShapes, outputShapes);
  return count === undefined || Number.isFinite(count) ? count : undefined;
}

type Rule = (layer: tf.layers.Layer, input: Shape, output: Shape) => number;

const convolution: Rule = (layer, _, output) => kernelNumbers(layer) * places(layer, output);
/** Here the kernel is laid on every place of the input. */
const transposed: Rule = (layer, input) => kernelNumbers(layer) * places(layer, input);
/** Products of tensors: each number of the result comes of as many as the axis has that both lose. */
const dotProduct: Rule = (layer, input, output) => {
  const [axis] = [layerSetting(layer, "axes") ?? NaN].flat();
  return product(output.slice(1)) * (input.at(axis!) ?? NaN);
};
const operation: Rule = (layer, input, output) => {
  const name = layerSetting(layer, "operation");
  if (name === "matmul") return product(output.slice(1)) * (input.at(-1) ?? NaN);
  return name === "dot" || name === "einsum" ? NaN : 0;
};
const unknown: Rule = () => NaN;
const recurrent: Rule = (layer, input) => kernelNumbers(layer) * (input[1] ?? NaN);

const rules: Record<string, Rule> = {
  Conv1D: convolution,
  Conv2D: convolution,
  Conv3D: convolution,
  DepthwiseConv1D: convolution,
  DepthwiseConv2D: convolution,
  SeparableConv1D: convolution,
  SeparableConv2D: convolution,
  Conv1DTranspose: transposed,
  Conv2DTranspose: transposed,
  Conv3DTranspose: transposed,
  Dense: (layer, _, output) => kernelNumbers(layer) * product(output.slice(1, -1)),
  Dot: dotProduct,
  Operation: operation,
  Attention: unknown,
  AdditiveAttention: unknown,
  SimpleRNN: recurrent,
  GRU: recurrent,
  ResetAfterGRU: recurrent,
  LSTM: recurrent,
  RNN: recurrent,
  Bidirectional: recurrent,
  ConvLSTM2D: (layer, input, output) =>
    kernelNumbers(layer) * (input[1] ?? NaN) * product(convLstmPlaces(layer, output)),
};

/** Classes that look things up, weigh or normalize: no kernel is laid over anything. */
const without = new Set([
  "Embedding",
  "BatchNormalization",
  "LayerNormalization",
  "GroupNormalization",
  "PReLU",
]);

function macsPerSample(
  layer: tf.layers.Layer,
  [input = []]: readonly Shape[],
  [output = []]: readonly Shape[],
): number | undefined {
  const inner = layerSetting(layer, "layer");
  if (inner !== undefined && layer.getClassName() === "SpectralNormalization")
    return macsPerSample(inner, [input], [output]);
  if (inner !== undefined && layer.getClassName() === "TimeDistributed") {
    const step = (shape: Shape): Shape => [shape[0]!, ...shape.slice(2)];
    const each = macsPerSample(inner, [step(input)], [step(output)]);
    return each === undefined ? undefined : each * (input[1] ?? NaN);
  }
  const rule = rules[layer.getClassName()];
  if (rule !== undefined) return rule(layer, input, output);
  return without.has(layer.getClassName()) || layer.weights.every(({ shape }) => shape.length < 2)
    ? 0
    : undefined;
}

/** Kernels, and what recurrent layers multiply their state with; a bias has one dimension, or two in a GRU. */
function kernelNumbers({ weights }: tf.layers.Layer): number {
  return weights
    .filter(({ shape, originalName }) => shape.length >= 2 && !originalName.endsWith("bias"))
    .reduce((sum, { shape }) => sum + product(shape), 0);
}

function places(layer: tf.layers.Layer, shape: Shape): number {
  return product(channelsComeFirst(layer) ? shape.slice(2) : shape.slice(1, -1));
}

function convLstmPlaces(layer: tf.layers.Layer, output: Shape): Shape {
  return channelsComeFirst(layer) ? output.slice(-2) : output.slice(-3, -1);
}

/** The product of lengths; NaN where one is not known. */
export function product(shape: Shape): number {
  return shape.reduce<number>((size, length) => size * (length ?? NaN), 1);
}
