import { tf } from "../../tensorflow/tf.ts";
import type { NetworkPlan } from "./options.ts";

type Symbolic = tf.SymbolicTensor;
type Pair = [number, number];

/** What a convolution is told: filters and the rest by Keras' names. */
export interface Convolution {
  filters: number;
  kernelSize: number | Pair;
  strides?: number | Pair;
  padding?: "same" | "valid";
  activation?: "relu";
  useBias?: boolean;
  name?: string;
}

/**
 * The layers that applications are made of, as calls from tensor to tensor, with Keras' names for those that have none of
 * their own: `conv2d`, `conv2d_1` … counted from the beginning in each network, as in a fresh session of Keras.
 */
export interface Network {
  input: Symbolic;
  conv(on: Symbolic, options: Convolution): Symbolic;
  depthwise(
    on: Symbolic,
    options: Omit<Convolution, "filters" | "activation"> & { depthMultiplier: number },
  ): Symbolic;
  batchNorm(on: Symbolic, options?: { scale?: boolean; name?: string }): Symbolic;
  dense(
    on: Symbolic,
    options: { units: number; activation: "relu" | "softmax" | "sigmoid" | "linear"; name: string },
  ): Symbolic;
  maxPool(on: Symbolic, options: { poolSize: number; strides: number; name?: string }): Symbolic;
  averagePool(on: Symbolic, options: { poolSize: number; strides: number; padding: "same" }): Symbolic;
  concatenate(on: Symbolic[], options?: { name?: string }): Symbolic;
  globalPool(on: Symbolic, kind: "avg" | "max", options?: { name?: string }): Symbolic;
  /** Any other layer. */
  apply(layer: tf.layers.Layer, on: Symbolic): Symbolic;
  /** A name that Keras would give: `activation`, then `activation_1`. */
  autoName(stem: string): string;
}

/** Keras' default for kernels. Where weights are read from a file, drawing millions of numbers before would be for nothing. */
function kernelInitializer(weightsFollow: boolean) {
  const initializer = tf.initializers.glorotUniform({});
  if (weightsFollow) initializer.apply = (shape, dtype) => tf.zeros(shape as number[], dtype);
  return initializer;
}

/** Starts a network with its input. */
export function startNetwork({ weights, inputTensor, inputShape }: NetworkPlan): Network {
  const counts = new Map<string, number>();
  const autoName = (stem: string) => {
    const count = counts.get(stem) ?? 0;
    counts.set(stem, count + 1);
    return count === 0 ? stem : `${stem}_${count}`;
  };
  const apply = (layer: tf.layers.Layer, on: Symbolic | Symbolic[]) => layer.apply(on) as Symbolic;
  const initializer = () => kernelInitializer(weights !== null);
  return {
    input: inputTensor ?? tf.input({ shape: [...inputShape], name: autoName("input_layer") }),
    apply,
    autoName,
    conv: (on, { name = autoName("conv2d"), ...options }) =>
      apply(tf.layers.conv2d({ ...options, name, kernelInitializer: initializer() }), on),
    depthwise: (on, { name = autoName("depthwise_conv2d"), ...options }) =>
      apply(tf.layers.depthwiseConv2d({ ...options, name, depthwiseInitializer: initializer() }), on),
    batchNorm: (on, { name = autoName("batch_normalization"), ...options } = {}) =>
      apply(tf.layers.batchNormalization({ ...options, name }), on),
    dense: (on, options) => apply(tf.layers.dense({ ...options, kernelInitializer: initializer() }), on),
    maxPool: (on, { name = autoName("max_pooling2d"), ...options }) =>
      apply(tf.layers.maxPooling2d({ ...options, name }), on),
    averagePool: (on, options) =>
      apply(tf.layers.averagePooling2d({ ...options, name: autoName("average_pooling2d") }), on),
    concatenate: (on, { name = autoName("concatenate") } = {}) =>
      apply(tf.layers.concatenate({ axis: 3, name }), on),
    globalPool: (on, kind, { name } = {}) =>
      kind === "avg"
        ? apply(tf.layers.globalAveragePooling2d({ name: name ?? autoName("global_average_pooling2d") }), on)
        : apply(tf.layers.globalMaxPooling2d({ name: name ?? autoName("global_max_pooling2d") }), on),
  };
}

/** Makes the model: with the pooling that was asked for where there is no top. */
export function finishNetwork(
  network: Network,
  output: Symbolic,
  { includeTop, pooling }: NetworkPlan,
  name: string,
): tf.LayersModel {
  const last = includeTop || pooling === null ? output : network.globalPool(output, pooling);
  return tf.model({ inputs: network.input, outputs: last, name });
}
