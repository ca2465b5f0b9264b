import type { tf } from "../tensorflow/tf.ts";
import { channelsComeFirst, layerSetting, type Border } from "./layerSetting.ts";
import type { LayerCall, Shape } from "./modelGraph.ts";

/**
 * Which places of a layer's input, along one of its axes, a place of its output depends on: place `o` along the output's axis
 * `axis` on `size` places from `o · stride - before` on. Of a transposed convolution it is the other way round: place `i` of the
 * input reaches `size` places of the output from `i · stride - before` on.
 */
export interface Window {
  axis: number;
  size: number;
  stride: number;
  before: number;
  transposed?: boolean;
  /** How far apart the places in the window are that count. Default 1: all of them do. */
  dilation?: number;
}

/** Along one axis of the input: a window, or every place, or nobody knows. */
export type Dependency = Window | "all" | "unknown";

/** For each input of the call what its output depends on, axis by axis without the batch. */
export function dependenciesOf(call: LayerCall): Dependency[][] {
  const { layer, inputShapes, outputShapes } = call;
  const className = layer.getClassName();
  const output = outputShapes[0]!.slice(1);
  return inputShapes.map((shape) => {
    const input = shape.slice(1);
    if (className === "TimeDistributed") return ofEachStep(layer, input, output);
    return dependencies(layer, className, input, output);
  });
}

const samePlace = (axis: number): Window => ({ axis, size: 1, stride: 1, before: 0 });
const all = (input: Shape): Dependency[] => input.map(() => "all");

/** Each place depends on the same place, where there is one: a tensor of one place may be spread over many. */
function elementwise(input: Shape, output: Shape): Dependency[] {
  const offset = output.length - input.length;
  return input.map((length, axis) =>
    offset < 0 || (length === 1 && output[axis + offset] !== 1) ? "all" : samePlace(axis + offset),
  );
}

const windowed = /^((Depthwise|Separable)?Conv\dD|(Max|Average)Pooling\dD)$/;
const elementwiseClasses = new Set([
  ...["Activation", "ReLU", "LeakyReLU", "PReLU", "ELU", "ThresholdedReLU", "BatchNormalization", "Masking"],
  ...[
    "Dropout",
    "SpatialDropout1D",
    "SpatialDropout2D",
    "SpatialDropout3D",
    "AlphaDropout",
    "GaussianDropout",
  ],
  ...[
    "GaussianNoise",
    "Identity",
    "Rescaling",
    "Normalization",
    "RandomFlip",
    "RandomRotation",
    "RandomZoom",
  ],
  ...["RandomTranslation", "RandomContrast", "RandomBrightness", "Embedding"],
  ...["LayerScale", "StochasticDepth"],
  ...["Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum"],
]);
const wholeClasses =
  /^(Flatten|RepeatVector|Dot|Global(Max|Average)Pooling\dD|SimpleRNN|RNN|(ResetAfter)?GRU|LSTM|ConvLSTM2D|Bidirectional|GroupNormalization)$/;
/** They mix what stands along one axis, the last one unless they say otherwise. */
const alongAxis = new Set([
  "Softmax",
  "LayerNormalization",
  "RMSNormalization",
  "UnitNormalization",
  "Concatenate",
  "Dense",
]);

function dependencies(layer: tf.layers.Layer, className: string, input: Shape, output: Shape): Dependency[] {
  if (className === "SpectralNormalization") {
    const inner = layerSetting(layer, "layer")!;
    return dependencies(inner, inner.getClassName(), input, output);
  }
  if (elementwiseClasses.has(className) || layerSetting(layer, "isElementwise"))
    return elementwise(input, output);
  if (wholeClasses.test(className)) return all(input);
  if (alongAxis.has(className)) return along(layer, input, output);
  if (windowed.test(className))
    return ofPlaces(layer, input, (place, at) => windowOf(layer, place, at, input));
  if (/^Conv\dDTranspose$/.test(className))
    return ofPlaces(layer, input, (place, at) => spreadOf(layer, place, at));
  if (/^UpSampling\dD$/.test(className))
    return ofPlaces(layer, input, (place, at) => enlargedBy(layer, place, at));
  if (/^(ZeroPadding|Cropping)\dD$/.test(className)) {
    return ofPlaces(layer, input, (place, at) => ({ ...samePlace(at), before: borderOf(layer, place) }));
  }
  if (className === "CenterCrop") {
    return input.map((length, axis) => ({
      ...samePlace(axis),
      before: -Math.floor(((length ?? NaN) - (output[axis] ?? NaN)) / 2),
    }));
  }
  if (className === "Permute") {
    const { dims } = layer as unknown as { dims: readonly number[] };
    return input.map((_, axis) => samePlace(dims.indexOf(axis + 1)));
  }
  if (className === "Reshape") return ofReshape(input, output);
  return input.map(() => "unknown");
}

/** The axes of places by a rule; the channels all matter to a convolution, and what only pools is told apart by nobody. */
function ofPlaces(
  layer: tf.layers.Layer,
  input: Shape,
  rule: (place: number, axis: number) => Window,
): Dependency[] {
  const first = channelsComeFirst(layer) ? 1 : 0;
  const channel = first === 1 ? 0 : input.length - 1;
  return input.map((_, axis) => (axis === channel ? "all" : rule(axis - first, axis)));
}

function windowOf(layer: tf.layers.Layer, place: number, axis: number, input: Shape): Window {
  const kernel = (layerSetting(layer, "kernelSize") ?? layerSetting(layer, "poolSize"))!;
  const dilation = at(layerSetting(layer, "dilationRate"), place);
  const size = (at(kernel, place) - 1) * dilation + 1;
  const stride = at(layerSetting(layer, "strides"), place);
  const padding = layerSetting(layer, "padding");
  if (padding === "causal") return { axis, size, stride, before: size - 1, dilation };
  if (padding !== "same") return { axis, size, stride, before: 0, dilation };
  const length = input[axis];
  const rest = typeof length === "number" && length % stride !== 0 ? length % stride : stride;
  return { axis, size, stride, before: Math.floor(Math.max(size - rest, 0) / 2), dilation };
}

function spreadOf(layer: tf.layers.Layer, place: number, axis: number): Window {
  const size = at(layerSetting(layer, "kernelSize"), place);
  const stride = at(layerSetting(layer, "strides"), place);
  const isSame = layerSetting(layer, "padding") === "same";
  const before = isSame ? Math.floor(Math.max(size - stride, 0) / 2) : 0;
  return { axis, size, stride, before, transposed: true };
}

/** Between two places a linear interpolation takes both; centres lie on centres. */
function enlargedBy(layer: tf.layers.Layer, place: number, axis: number): Window {
  const setting = layerSetting(layer, "size");
  const stride = typeof setting === "number" ? setting : at(setting, place);
  const isLinear = layerSetting(layer, "interpolation") === "bilinear";
  return isLinear
    ? { axis, size: 2 * stride, stride, before: Math.floor((stride + 1) / 2), transposed: true }
    : { axis, size: stride, stride, before: 0, transposed: true };
}

/** What a layer adds before the places of an axis; negative for one that cuts. */
function borderOf(layer: tf.layers.Layer, place: number): number {
  const cropping = layerSetting(layer, "cropping");
  const border = cropping ?? (layerSetting(layer, "padding") as Border);
  const own = typeof border === "number" ? border : (border[place] ?? border[0]!);
  const before = typeof own === "number" ? own : own[0]!;
  return cropping === undefined ? before : -before;
}

function along(layer: tf.layers.Layer, input: Shape, output: Shape): Dependency[] {
  // Layers count axes with the batch; the last one is meant where nothing is said.
  const setting = [layerSetting(layer, "axis") ?? -1].flat();
  const mixed = setting.map((axis) => (axis < 0 ? input.length + axis : axis - 1));
  return elementwise(input, output).map((same, axis) => (mixed.includes(axis) ? "all" : same));
}

/** An axis of one place more or less leaves the others what they are. */
function ofReshape(input: Shape, output: Shape): Dependency[] {
  const long = (shape: Shape): number[] => [...shape.keys()].filter((axis) => shape[axis] !== 1);
  const [from, to] = [long(input), long(output)];
  if (from.length !== to.length || from.some((axis, i) => input[axis] !== output[to[i]!])) return all(input);
  return input.map((_, axis) => (from.includes(axis) ? samePlace(to[from.indexOf(axis)]!) : "all"));
}

function ofEachStep(layer: tf.layers.Layer, input: Shape, output: Shape): Dependency[] {
  const inner = layerSetting(layer, "layer")!;
  const rest = dependencies(inner, inner.getClassName(), input.slice(1), output.slice(1));
  return [
    samePlace(0),
    ...rest.map((one) => (typeof one === "string" ? one : { ...one, axis: one.axis + 1 })),
  ];
}

const at = (values: readonly number[] | undefined, place: number): number =>
  values?.[place] ?? values?.[0] ?? 1;
