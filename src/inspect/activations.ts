import { tf } from "../tensorflow/tf.ts";
import { graphReader } from "./graphReader.ts";
import type { LayerOutput } from "./layerOutputs.ts";
import type { ModelGraph } from "./modelGraph.ts";

/** What one layer gives for one picture. */
export interface LayerActivations {
  name: string;
  className: string;
  /** Without the batch: `[height, width, channels]`, `[steps, channels]`, `[units]`, or `[depth, height, width, channels]`. */
  shape: number[];
  /** The numbers in the order of `shape`: the channels of a position stand beside one another. */
  values: Float32Array;
  /** The size of a map; a vector has maps of one number, in a volume the slices stand below one another. */
  height: number;
  width: number;
  channels: number;
  /** The channels that say nothing about the picture: the same number everywhere; of maps of one number those that are 0. */
  dead: number[];
  /** The smallest and the largest finite number of each channel, and of all. */
  channelMin: Float32Array;
  channelMax: Float32Array;
  min: number;
  max: number;
  /** How many numbers are not finite, and how many of these are NaN. */
  nonFinite: number;
  nan: number;
}

/** What tensors of the model's graph hold for a batch, which `makeBatch` makes and this frees. */
export function readOutputs(
  graph: ModelGraph,
  outputs: readonly LayerOutput[],
  makeBatch: () => tf.Tensor[],
): LayerActivations[][] {
  const read = graphReader(
    graph,
    outputs.map(({ slot }) => slot),
  );
  const results = tf.tidy(() => read(makeBatch()));
  try {
    return outputs.map((output, i) => describeBatch(output, results[i]!));
  } finally {
    tf.dispose(results);
  }
}

function describeBatch({ name, className }: LayerOutput, result: tf.Tensor): LayerActivations[] {
  const [count, ...shape] = result.shape as [number, ...number[]];
  const numbers = shape.reduce((product, length) => product * length, 1);
  const all = new Float32Array(result.dataSync());
  const channels = shape.at(-1)!;
  const [width = 1, height = 1, depth = 1] = shape.slice(0, -1).reverse();
  return Array.from({ length: count }, (_, i) => {
    const values = all.subarray(i * numbers, (i + 1) * numbers);
    const size = { height: height * depth, width, channels };
    return { name, className, shape, values, ...size, ...measure(values, channels) };
  });
}

function measure(
  values: Float32Array,
  channels: number,
): Pick<LayerActivations, "dead" | "channelMin" | "channelMax" | "min" | "max" | "nonFinite" | "nan"> {
  const channelMin = new Float32Array(channels).fill(Infinity);
  const channelMax = new Float32Array(channels).fill(-Infinity);
  let nonFinite = 0;
  for (let i = 0; i < values.length; i += channels) {
    for (let channel = 0; channel < channels; channel++) {
      const value = values[i + channel]!;
      if (value < channelMin[channel]! && value > -Infinity) channelMin[channel] = value;
      if (value > channelMax[channel]! && value < Infinity) channelMax[channel] = value;
      // Only NaN and the infinities do not give 0 here.
      if (value - value !== 0) nonFinite++;
    }
  }
  const isSingle = values.length === channels;
  const isDead = (channel: number): boolean =>
    channelMin[channel] === channelMax[channel] &&
    (!isSingle || channelMin[channel] === 0) &&
    (nonFinite === 0 || isFinite(values, channels, channel));
  return {
    dead: Array.from(channelMin.keys()).filter(isDead),
    channelMin,
    channelMax,
    min: channelMin.reduce((a, b) => Math.min(a, b)),
    max: channelMax.reduce((a, b) => Math.max(a, b)),
    nonFinite,
    nan: nonFinite === 0 ? 0 : values.reduce((count, value) => count + Number(Number.isNaN(value)), 0),
  };
}

function isFinite(values: Float32Array, channels: number, channel: number): boolean {
  for (let i = channel; i < values.length; i += channels) if (!Number.isFinite(values[i])) return false;
  return true;
}
