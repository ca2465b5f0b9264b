import { tf } from "../../tensorflow/tf.ts";
import { spanWeights, type DatasetInterpolation } from "../pictures/spanWeights.ts";
import { contract } from "./contract.ts";

/** Keras' names. */
export type ResizeMethod = DatasetInterpolation;

/** For each target sample the weights of all source samples: `[source, target]`. */
function weightMatrix(method: ResizeMethod, source: number, target: number): tf.Tensor2D {
  const values = new Float32Array(source * target);
  spanWeights(method, source, target).forEach(({ start, weights }, column) => {
    weights.forEach((weight, index) => (values[(start + index) * target + column] = weight));
  });
  return tf.tensor2d(values, [source, target]);
}

/** Resizes a batch of pictures, measuring from the middles of pixels. */
export function resize(
  images: tf.Tensor4D,
  size: readonly [height: number, width: number],
  method: ResizeMethod,
): tf.Tensor4D {
  const [height, width] = size;
  if (method === "nearest") return tf.image.resizeNearestNeighbor(images, [height, width], false, true);
  if (method === "bilinear") return tf.image.resizeBilinear(images, [height, width], false, true);
  return tf.tidy(() => {
    const rows = weightMatrix(method, images.shape[1], height);
    const columns = weightMatrix(method, images.shape[2], width);
    return contract(
      "bhwc,wx->bhxc",
      contract("bhwc,hy->bywc", images.toFloat(), rows),
      columns,
    ) as tf.Tensor4D;
  });
}

/** The largest part in the middle that has the proportions of a size, resized to it. */
export function cropAndResize(
  images: tf.Tensor4D,
  size: readonly [height: number, width: number],
  method: ResizeMethod,
): tf.Tensor4D {
  const [batch, height, width, channels] = images.shape;
  const [rows, columns] = [
    Math.max(1, Math.min(height, Math.trunc((width * size[0]) / size[1]))),
    Math.max(1, Math.min(width, Math.trunc((height * size[1]) / size[0]))),
  ];
  const [top, left] = [Math.trunc((height - rows) / 2), Math.trunc((width - columns) / 2)];
  return tf.tidy(() =>
    resize(images.slice([0, top, left, 0], [batch, rows, columns, channels]), size, method),
  );
}

/** A picture with so much of one value around it that it has the proportions of a size, resized to it. */
export function padAndResize(
  images: tf.Tensor4D,
  size: readonly [height: number, width: number],
  method: ResizeMethod,
  value: number,
): tf.Tensor4D {
  const [, height, width] = images.shape;
  const rows = Math.max(height, Math.trunc((width * size[0]) / size[1])) - height;
  const columns = Math.max(width, Math.trunc((height * size[1]) / size[0])) - width;
  const [top, left] = [Math.trunc(rows / 2), Math.trunc(columns / 2)];
  const sides: [number, number][] = [
    [0, 0],
    [top, top],
    [left, left],
    [0, 0],
  ];
  return tf.tidy(() => resize(tf.pad(images, sides, value), size, method));
}
