import { tf } from "../tensorflow/tf.ts";

/** A number for each pixel of a picture, rows from the top. */
export interface HeatMap {
  values: Float32Array;
  height: number;
  width: number;
}

/** Called after each batch of long work: the place to show how far it is, to let others work, and to stop. */
export type AfterBatch = (done: number, total: number) => Promise<void>;

export const goOn: AfterBatch = () => Promise.resolve();

/** Reads a tensor `[height, width]`, also with ones around these, and disposes it. */
export async function takeHeatMap(tensor: tf.Tensor): Promise<HeatMap> {
  try {
    const [height = 1, width = 1] = tensor.shape.filter((_, axis) => axis !== 0).slice(0, 2);
    return { values: Float32Array.from(await tensor.data()), height, width };
  } finally {
    tensor.dispose();
  }
}

/** The picture's channels, `[n, height, width, channels]`, as one number a pixel, `[n, height, width]`. A grey picture is that already. */
export function overChannels(tensor: tf.Tensor, reduce: (tensor: tf.Tensor) => tf.Tensor): tf.Tensor {
  return tensor.rank === 4 ? reduce(tensor) : tensor.clone();
}

/** Enlarges maps `[n, height, width]` to a picture's size, linearly between the centres of pixels, as `tf.image.resize` does in Python. */
export function enlargeMaps(maps: tf.Tensor, height: number, width: number): tf.Tensor3D {
  const images = maps.expandDims<tf.Tensor4D>(3);
  return tf.image.resizeBilinear(images, [height, width], false, true).squeeze([3]);
}
