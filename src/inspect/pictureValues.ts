import { InputError } from "../errors.ts";
import { tf } from "../tensorflow/tf.ts";

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
  const all = Float32Array.from(tensor.dataSync());
  const count = shape.length === 4 ? shape[0]! : 1;
  return Array.from({ length: count }, (_, i) => ({
    values: all.subarray(i * size, (i + 1) * size),
    height,
    width,
    channels,
  }));
}

/** Whether something is a tensor, also one of another copy of TensorFlow.js. */
export function isTensor(value: unknown): value is tf.Tensor {
  return value instanceof tf.Tensor;
}
