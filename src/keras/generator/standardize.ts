import { InputError } from "../../errors.ts";
import { tf } from "../../tensorflow/tf.ts";
import type { FloatImage } from "./floatImage.ts";
import type { GeneratorSettings } from "./generatorOptions.ts";
import { tiny, type Statistics } from "./statistics.ts";

/** A picture whose values may still be the file's bytes. */
type Values = Omit<FloatImage, "data"> & { data: ArrayLike<number> };

/** The user's function, applied to one picture. */
function preprocess(
  { data, height, width, channels }: Values,
  preprocessing: (picture: tf.Tensor3D) => tf.Tensor3D,
): Float32Array {
  return tf.tidy(() => {
    const result = preprocessing(tf.tensor3d(Float32Array.from(data), [height, width, channels]));
    if (result.size !== data.length) {
      const expected = `a picture of ${height}x${width}x${channels} from preprocessingFunction`;
      throw new InputError({ who: "imageDataGenerator", expected, found: result.shape.join("x") });
    }
    return Float32Array.from(result.dataSync());
  });
}

function meanOf(data: Float32Array): number {
  let sum = 0;
  for (const value of data) sum += value;
  return sum / data.length;
}

function deviationOf(data: Float32Array): number {
  const mean = meanOf(data);
  let sum = 0;
  for (const value of data) sum += (value - mean) ** 2;
  return Math.sqrt(sum / data.length);
}

/** The product of pictures, as rows, with a matrix. */
function multiplyRows(data: Float32Array, matrix: Float32Array): Float32Array {
  const size = Math.sqrt(matrix.length);
  return tf.tidy(() => {
    const rows = tf.tensor2d(data, [data.length / size, size]);
    return Float32Array.from(tf.matMul(rows, tf.tensor2d(matrix, [size, size])).dataSync());
  });
}

/**
 * Keras' `standardize`: the user's function, the factor, then the picture's own mean and deviation, then those of all pictures. Several
 * pictures one after the other count as one.
 *
 * @param image `preprocessingFunction` is given a copy
 * @param into takes the values; may be the picture's own
 */
export function standardize(
  image: Values,
  { preprocessingFunction, rescale, samplewiseCenter, samplewiseStdNormalization }: GeneratorSettings,
  { mean, std, zcaWhiteningMatrix }: Statistics,
  into: Float32Array,
): void {
  const { channels } = image;
  const data = preprocessingFunction === null ? image.data : preprocess(image, preprocessingFunction);
  const { length } = into;
  // A product of two float32 numbers is exact in a double, so that storing it rounds once, as NumPy does.
  const factor = rescale === null ? 1 : Math.fround(rescale);
  for (let at = 0; at < length; at++) into[at] = data[at]! * factor;
  if (samplewiseCenter) {
    const own = meanOf(into);
    for (let at = 0; at < length; at++) into[at]! -= own;
  }
  if (samplewiseStdNormalization) {
    const own = deviationOf(into) + tiny;
    for (let at = 0; at < length; at++) into[at]! /= own;
  }
  if (mean !== null) for (let at = 0; at < length; at++) into[at]! -= mean[at % channels]!;
  if (std !== null) for (let at = 0; at < length; at++) into[at]! /= std[at % channels]! + tiny;
  if (zcaWhiteningMatrix !== null) into.set(multiplyRows(into, zcaWhiteningMatrix));
}
