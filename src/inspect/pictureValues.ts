import { InputError } from "../errors.ts";
import { tf } from "../tensorflow/tf.ts";
import { guessRange } from "./fills.ts";

/** The numbers of one picture: rows from the top, channels beside one another. */
export interface PictureValues {
  values: Float32Array;
  height: number;
  width: number;
  channels: number;
}

/**
 * Reads the pictures of a batch `[n, height, width, channels]`, of one picture `[height, width, channels]` or of a grey one
 * `[height, width]`. The tensor is not disposed.
 *
 * @throws InputError for another shape
 */
export function readPictureValues(tensor: tf.Tensor, who: string): PictureValues[] {
  const shape = tensor.rank === 2 ? [...tensor.shape, 1] : tensor.shape;
  const [height = 0, width = 0, channels = 0] = shape.slice(-3);
  if (shape.length < 3 || shape.length > 4 || ![1, 3, 4].includes(channels)) {
    throw new InputError({
      who,
      expected: "pictures of shape [n, height, width, channels] with 1, 3 or 4 channels",
      found: `[${tensor.shape.join(", ")}]`,
    });
  }
  const size = height * width * channels;
  const all = new Float32Array(tensor.dataSync());
  const count = shape.length === 4 ? shape[0]! : 1;
  return Array.from({ length: count }, (_, i) => ({
    values: all.subarray(i * size, (i + 1) * size),
    height,
    width,
    channels,
  }));
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
