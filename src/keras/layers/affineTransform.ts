import { tf } from "../../tensorflow/tf.ts";

/** What lies outside a picture: its mirror image, its repetition, its edge, or one value. */
export type FillMode = "reflect" | "wrap" | "nearest" | "constant";
export type Interpolation = "bilinear" | "nearest";

export interface AffineOptions {
  fillMode: FillMode;
  fillValue: number;
  interpolation: Interpolation;
}

/** Moves coordinates into the picture, as TensorFlow's ImageProjectiveTransformV3 does. */
function fold(at: tf.Tensor, length: number, fillMode: FillMode): tf.Tensor {
  if (fillMode === "constant") return at;
  if (fillMode === "nearest") return at.clipByValue(0, length - 1);
  if (length === 1) return tf.zerosLike(at);
  if (fillMode === "wrap") {
    // TensorFlow counts rounds in lengths less one, and so do we.
    const rounds = (distance: tf.Tensor) =>
      distance
        .div(length - 1)
        .floor()
        .mul(length);
    const fromBelow = at.add(rounds(at.neg())).add(length);
    const fromAbove = at.sub(rounds(at));
    const inside = tf.where(at.greater(length - 1), fromAbove, at);
    return tf.where(at.less(0), fromBelow, inside).clipByValue(0, length - 1);
  }
  const period = 2 * length;
  const inPeriod = at.sub(at.div(period).floor().mul(period));
  const mirrored = inPeriod.neg().add(period - 1);
  return tf.where(inPeriod.less(length), inPeriod, mirrored).clipByValue(0, length - 1);
}

/**
 * Draws each picture anew: the pixel at (x, y) comes from `(a x + b y + c, d x + e y + f)` of the picture given.
 *
 * @param images `[batch, height, width, channels]`
 * @param matrices `[batch, 6]`: a, b, c, d, e, f
 */
export function affineTransform(
  images: tf.Tensor4D,
  matrices: tf.Tensor2D,
  options: AffineOptions,
): tf.Tensor4D {
  const { fillMode, fillValue, interpolation } = options;
  const [batch, height, width, channels] = images.shape;
  return tf.tidy(() => {
    const [a, b, c, d, e, f] = tf.split(matrices, 6, 1).map((column) => column.reshape([batch, 1, 1])) as [
      tf.Tensor,
      ...tf.Tensor[],
    ];
    const x = tf.range(0, width).reshape([1, 1, width]);
    const y = tf.range(0, height).reshape([1, height, 1]);
    const fromX = fold(x.mul(a).add(y.mul(b!)).add(c!), width, fillMode);
    const fromY = fold(x.mul(d!).add(y.mul(e!)).add(f!), height, fillMode);
    const pixels = images.toFloat().reshape([batch * height * width, channels]);
    const first = tf
      .range(0, batch)
      .mul(height * width)
      .reshape([batch, 1, 1]);
    const pixelAt = (column: tf.Tensor, row: tf.Tensor): tf.Tensor => {
      const inX = column.clipByValue(0, width - 1);
      const inY = row.clipByValue(0, height - 1);
      const found = pixels.gather(first.add(inY.mul(width)).add(inX).toInt().flatten()).reshape(images.shape);
      if (fillMode !== "constant") return found;
      const inside = inX.equal(column).logicalAnd(inY.equal(row)).toFloat().expandDims(-1);
      return found.mul(inside).add(inside.neg().add(1).mul(fillValue));
    };
    if (interpolation === "nearest") return pixelAt(fromX.round(), fromY.round()) as tf.Tensor4D;
    const [left, top] = [fromX.floor(), fromY.floor()];
    const [right, bottom] = [left.add(1), top.add(1)];
    const across = fromX.sub(left).expandDims(-1);
    const down = fromY.sub(top).expandDims(-1);
    const mix = (one: tf.Tensor, other: tf.Tensor, part: tf.Tensor) => one.add(other.sub(one).mul(part));
    const upper = mix(pixelAt(left, top), pixelAt(right, top), across);
    const lower = mix(pixelAt(left, bottom), pixelAt(right, bottom), across);
    return mix(upper, lower, down) as tf.Tensor4D;
  });
}
