import { InputError } from "../errors.ts";
import { tf } from "../tensorflow/tf.ts";
import { guessRange } from "./fills.ts";

/** The numbers of one picture: rows from the top, channels beside one another. */
export interface PictureValues {
  values: Float32Array;
  height: number;
  width: number;
  channels: number;
  /** Of how many channels that are no colours it is the mean. */
  meanOf?: number;
}

/**
 * Reads the pictures of a batch `[n, height, width, channels]`, of one picture `[height, width, channels]` or of a grey one
 * `[height, width]`. Channels that are no colours, such as a satellite's bands, become one: their mean. The tensor is not disposed.
 *
 * @param axes how many axes one picture has, where a model tells: of a sequence each step is a row, a vector is one row, and the slices
 *   of a volume stand below one another
 * @throws InputError for another shape
 */
export function readPictureValues(tensor: tf.Tensor, who: string, axes?: number): PictureValues[] {
  // Three axes without a model may be grey pictures whose axis of the channel is missing: only colours tell that they are one picture.
  const isGuess = axes === undefined && tensor.rank === 3;
  axes ??= tensor.rank === 2 ? 2 : 3;
  const shape = tensor.rank === axes ? [1, ...tensor.shape] : tensor.shape;
  const sizes = [...shape.slice(1), ...(axes < 3 ? [1] : [])].reverse();
  const [channels = 0, width = 0, rows = 1, slices = 1] = sizes;
  const height = rows * slices;
  if (shape.length !== axes + 1 || channels === 0 || (isGuess && !isColor(channels))) {
    const expected = isGuess
      ? "a picture [height, width, channels] with 1, 3 or 4 channels"
      : "pictures of shape [n, height, width, channels]";
    const fix = { fix: "of a batch of grey ones: images.expandDims(-1)" };
    throw new InputError({ who, expected, found: `[${tensor.shape.join(", ")}]`, ...(isGuess && fix) });
  }
  const size = height * width * channels;
  const all = new Float32Array(tensor.dataSync());
  return Array.from({ length: shape[0]! }, (_, i) => {
    const values = all.subarray(i * size, (i + 1) * size);
    if (isColor(channels)) return { values, height, width, channels };
    return { values: meanOfChannels(values, channels), height, width, channels: 1, meanOf: channels };
  });
}

/** Whether so many channels are colours: grey, red with green and blue, or these with an alpha. */
export const isColor = (channels: number): boolean => [1, 3, 4].includes(channels);

/** In words, that the mean of channels is shown. */
export const meanNote = (channels: number): string => `shown in grey: the mean of ${channels} channels`;

/** For each pixel the mean of its channels. */
export function meanOfChannels(values: Float32Array, channels: number): Float32Array {
  return Float32Array.from({ length: values.length / channels }, (_, pixel) => {
    let sum = 0;
    for (let i = 0; i < channels; i++) sum += values[pixel * channels + i]!;
    return sum / channels;
  });
}

/** The numbers that are shown black and white: 0 to 1, 0 to 255 or −1 to 1 where all lie within, else the least and the largest. */
export function rangeOfPictures(pictures: readonly PictureValues[]): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const { values } of pictures) {
    for (const value of values) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return guessRange(low, high);
}

/** Whether something is a tensor, also one of another copy of TensorFlow.js. */
export function isTensor(value: unknown): value is tf.Tensor {
  return value instanceof tf.Tensor;
}
