import { InputError } from "../errors.ts";
import { tf } from "../tensorflow/tf.ts";
import { layerOutputs, type LayerOutput, type LayerSelection } from "./layerOutputs.ts";

/** What one layer gives for one picture. */
export interface LayerActivations {
  name: string;
  className: string;
  /** Without the batch: `[height, width, channels]`, `[steps, channels]` or `[units]`. */
  shape: number[];
  /** The numbers in the order of `shape`: the channels of a position stand beside one another. */
  values: Float32Array;
  /** The size of a map; a vector has maps of one number. */
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
  /** How many numbers are not finite. */
  nonFinite: number;
}

/**
 * Sends one picture through the model, once, and keeps what the chosen layers give.
 *
 * @param image `[height, width, channels]` or `[1, height, width, channels]`; it is not disposed
 * @param options `layers` (see {@link LayerSelection}; default: all but the inputs), `who` (in error messages)
 * @throws InputError for a picture of another shape than the model's input, or a layer that is not there
 */
export function readActivations(
  model: tf.LayersModel,
  image: tf.Tensor,
  { layers, who = "activations" }: { layers?: LayerSelection | undefined; who?: string } = {},
): LayerActivations[] {
  const outputs = layerOutputs(model, { layers, who });
  checkImage(model, image, who);
  const results = tf.tidy(() => {
    const tensors = outputs.map(({ tensor }) => tensor);
    const graph = tf.model({ name: "activations", inputs: model.inputs, outputs: tensors });
    return [graph.predict(image.rank === model.inputs[0]!.shape.length ? image : image.expandDims(0))].flat();
  });
  try {
    return outputs.map((output, i) => describe(output, results[i]!));
  } finally {
    tf.dispose(results);
  }
}

function checkImage({ inputs, name }: tf.LayersModel, image: tf.Tensor, who: string): void {
  const [input, ...others] = inputs;
  if (input === undefined || others.length > 0) {
    const found = `"${name}" with ${String(inputs.length)} inputs`;
    throw new InputError({ who, expected: "a model with one input", found });
  }
  if (!(image instanceof tf.Tensor)) {
    throw new InputError({ who, expected: "an image tensor", found: typeof image, fix: "see loadImage" });
  }
  const wanted = input.shape.slice(1);
  const found =
    image.rank === input.shape.length && image.shape[0] === 1 ? image.shape.slice(1) : image.shape;
  if (found.length === wanted.length && wanted.every((size, i) => size === null || size === found[i])) return;
  throw new InputError({
    who,
    expected: `an image of shape [${wanted.map((size) => size ?? "any").join(", ")}]`,
    found: `[${image.shape.join(", ")}]`,
    fix: adviceFor(wanted, image.shape),
  });
}

function adviceFor(wanted: (number | null)[], found: number[]): string {
  if (found.length === wanted.length + 1) return "give one picture of the batch: images.slice([0], [1])";
  if (found.length === wanted.length && found.at(-1) !== wanted.at(-1)) {
    return `read it with ${String(wanted.at(-1))} channels: loadImage(path, { colorMode })`;
  }
  return "resize it: loadImage(path, { targetSize: [height, width] })";
}

function describe({ name, className }: LayerOutput, result: tf.Tensor): LayerActivations {
  const shape = result.shape.slice(1);
  const channels = shape.at(-1)!;
  const [height, width] =
    shape.length === 3 ? [shape[0]!, shape[1]!] : [1, shape.length === 2 ? shape[0]! : 1];
  const values = Float32Array.from(result.dataSync());
  return { name, className, shape, values, height, width, channels, ...measure(values, channels) };
}

function measure(
  values: Float32Array,
  channels: number,
): Pick<LayerActivations, "dead" | "channelMin" | "channelMax" | "min" | "max" | "nonFinite"> {
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
    channelMin[channel] === channelMax[channel] && (!isSingle || channelMin[channel] === 0);
  return {
    dead: Array.from(channelMin.keys()).filter(isDead),
    channelMin,
    channelMax,
    min: channelMin.reduce((a, b) => Math.min(a, b)),
    max: channelMax.reduce((a, b) => Math.max(a, b)),
    nonFinite,
  };
}
