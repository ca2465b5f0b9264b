import { tf } from "../tensorflow/tf.ts";
import { seededNoise } from "./seededNoise.ts";

/** The size of a picture. */
export interface PictureSize {
  height: number;
  width: number;
  channels: number;
}

/** Numbers that are improved, and the picture `[1, height, width, channels]` that they stand for. */
export interface PicturePlane {
  start: tf.Tensor;
  toPicture: (numbers: tf.Tensor) => tf.Tensor4D;
}

/**
 * A picture as its own pixels, or as its frequencies, of which each is as easy to change as another: what is improved by steps is then
 * not noise (Olah 2017, Feature visualization). Colours are mixed from independent ones, as in photographs. All numbers lie between `range`.
 */
export function newPicturePlane(
  size: PictureSize,
  { fourier, range, seed }: { fourier: boolean; range: readonly [number, number]; seed: number },
): PicturePlane {
  const { height, width, channels } = size;
  const { normal } = seededNoise(seed);
  const [low, high] = range;
  const squash = (numbers: tf.Tensor): tf.Tensor4D =>
    numbers
      .sigmoid()
      .mul(high - low)
      .add(low)
      .reshape([1, height, width, channels]);
  if (!fourier) {
    const numbers = normal(height * width * channels).map((number) => 0.1 * number);
    return { start: tf.tensor(numbers, [height, width, channels]), toPicture: squash };
  }
  const columns = Math.floor(width / 2) + 1;
  const numbers = normal(2 * height * columns * channels).map((number) => 0.01 * number);
  const scales = frequencyScales(height, width);
  return {
    start: tf.tensor(numbers, [2, height, columns, channels]),
    toPicture: (spectrum) => {
      const scaled = spectrum.mul(tf.tensor(scales, [1, height, columns, 1]));
      const image = inverseFourier(scaled as tf.Tensor4D, width).div(4);
      if (channels !== 3) return squash(image);
      return squash(
        image.reshape<tf.Tensor2D>([-1, 3]).matMul(tf.tensor2d(photographColors)).reshape(image.shape),
      );
    },
  };
}

/**
 * How three independent numbers become red, green and blue: the square root of the correlation of colours in the photographs of ImageNet,
 * as measured for Lucid (Olah 2017), scaled so that the longest column is 1. Rows are the independent ones.
 */
const photographColors = [
  [0.5627, 0.5844, 0.5844],
  [0.1948, 0, -0.1948],
  [0.0433, -0.1082, 0.0649],
];

/** One over the frequency, so that natural pictures have coefficients of one size; the lowest frequency is that of one wave a picture. */
function frequencyScales(height: number, width: number): Float32Array {
  const columns = Math.floor(width / 2) + 1;
  const least = 1 / Math.max(height, width);
  return Float32Array.from({ length: height * columns }, (_, i) => {
    const row = Math.floor(i / columns);
    const down = Math.min(row, height - row) / height;
    const across = (i % columns) / width;
    return Math.sqrt(height * width) / Math.max(Math.hypot(down, across), least);
  });
}

/**
 * The real picture `[height, width, channels]` of the half spectrum `[2, height, width / 2 + 1, channels]` (real and imaginary part): what
 * NumPy's `irfft2` gives. Written as products of matrices, so that it has a gradient on every backend.
 */
export function inverseFourier(spectrum: tf.Tensor4D, width: number): tf.Tensor3D {
  return tf.tidy(() => {
    const [, height, columns, channels] = spectrum.shape;
    const angles = (rows: number, terms: number, period: number): tf.Tensor2D =>
      tf
        .outerProduct(tf.range(0, rows), tf.range(0, terms))
        .mod(period)
        .mul((2 * Math.PI) / period);
    const down = angles(height, height, height);
    const across = angles(width, columns, width);
    const [real, imaginary] = tf.unstack(spectrum).map((part) => part.reshape<tf.Tensor2D>([height, -1]));
    const [cos, sin] = [down.cos().div(height), down.sin().div(height)];
    const rows = [
      cos.matMul(real!).sub(sin.matMul(imaginary!)),
      sin.matMul(real!).add(cos.matMul(imaginary!)),
    ].map((part) => part.reshape([height, columns, channels]).transpose([1, 0, 2]).reshape([columns, -1]));
    // The other half of the spectrum mirrors this one, but for its first column and, of an even number, its last.
    const isAlone = (column: number): boolean => column === 0 || 2 * column === width;
    const twice = tf.tensor1d(Array.from({ length: columns }, (_, i) => (isAlone(i) ? 1 : 2) / width));
    const picture = across.cos().mul(twice).matMul(rows[0]!).sub(across.sin().mul(twice).matMul(rows[1]!));
    return picture.reshape([width, height, channels]).transpose<tf.Tensor3D>([1, 0, 2]);
  });
}

/** Moves a picture `[1, height, width, channels]` around: what leaves on one side comes in on the other. */
export function rollPicture(picture: tf.Tensor, down: number, right: number): tf.Tensor {
  return [down, right].reduce((moved, by, i) => {
    const axis = i + 1;
    const size = moved.shape[axis]!;
    const shift = ((by % size) + size) % size;
    if (shift === 0) return moved;
    const [head, tail] = tf.split(moved, [size - shift, shift], axis) as [tf.Tensor, tf.Tensor];
    return tf.concat([tail, head], axis);
  }, picture);
}
