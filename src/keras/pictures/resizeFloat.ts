import type { FloatImage } from "../generator/floatImage.ts";
import type { Picture } from "./decodePicture.ts";
import { middle } from "./resizePicture.ts";
import { spanWeights, type DatasetInterpolation } from "./spanWeights.ts";

/** How pictures of a dataset get their size. */
export interface DatasetResizing {
  interpolation: DatasetInterpolation;
  /** Cuts away what is too much at two sides instead of distorting. */
  cropToAspectRatio: boolean;
  /** Adds black at two sides instead of distorting. */
  padToAspectRatio: boolean;
}

type Samples = ArrayLike<number>;

/** Rows weighed: down a picture of rows of `row` numbers. */
function weighRows(
  data: Samples,
  height: number,
  row: number,
  target: number,
  interpolation: DatasetInterpolation,
) {
  const out = new Float32Array(target * row);
  spanWeights(interpolation, height, target).forEach(({ start, weights }, index) => {
    const to = index * row;
    weights.forEach((weight, k) => {
      const from = (start + k) * row;
      for (let i = 0; i < row; i++) out[to + i]! += data[from + i]! * weight;
    });
  });
  return out;
}

/** Columns weighed: across a picture of `height` rows. */
function weighColumns(
  data: Samples,
  { height, width, channels }: Omit<FloatImage, "data">,
  target: number,
  interpolation: DatasetInterpolation,
): Float32Array {
  const out = new Float32Array(height * target * channels);
  const spans = spanWeights(interpolation, width, target);
  let to = 0;
  for (let row = 0; row < height; row++) {
    for (const { start, weights } of spans) {
      for (let channel = 0; channel < channels; channel++, to++) {
        let from = (row * width + start) * channels + channel;
        let sum = 0;
        for (const weight of weights) {
          sum += data[from]! * weight;
          from += channels;
        }
        out[to] = sum;
      }
    }
  }
  return out;
}

function resize(
  picture: Picture,
  [height, width]: readonly [number, number],
  interpolation: DatasetInterpolation,
) {
  const { channels } = picture;
  const rows = weighRows(picture.data, picture.height, picture.width * channels, height, interpolation);
  const columns = { height, width: picture.width, channels };
  return { data: weighColumns(rows, columns, width, interpolation), height, width, channels };
}

/** The part in the middle that has the target's proportions. */
function crop(picture: Picture, [height, width]: readonly [number, number]): Picture {
  const down = middle(picture.height, picture.width, height, width);
  const across = middle(picture.width, picture.height, width, height);
  const { channels } = picture;
  const data = new Uint8Array(down.length * across.length * channels);
  for (let row = 0; row < down.length; row++) {
    const from = ((down.start + row) * picture.width + across.start) * channels;
    const part = picture.data.subarray(from, from + across.length * channels);
    data.set(part, row * across.length * channels);
  }
  return { data, height: down.length, width: across.length, channels };
}

/** A picture in the middle of a black one. */
function pad(
  picture: FloatImage,
  [height, width]: readonly [number, number],
  top: number,
  left: number,
): FloatImage {
  const { channels } = picture;
  const data = new Float32Array(height * width * channels);
  const row = picture.width * channels;
  for (let index = 0; index < picture.height; index++) {
    data.set(
      picture.data.subarray(index * row, (index + 1) * row),
      ((top + index) * width + left) * channels,
    );
  }
  return { data, height, width, channels };
}

/** TensorFlow's `resize_with_pad`, which computes sides in single precision. */
function resizeWithPad(
  picture: Picture,
  size: readonly [number, number],
  interpolation: DatasetInterpolation,
) {
  const sides = [picture.height, picture.width] as const;
  const ratio = Math.max(...sides.map((side, axis) => Math.fround(side / size[axis]!)));
  const exact = sides.map((side) => Math.fround(side / ratio));
  const [height, width] = exact.map((side) => Math.max(1, Math.floor(side))) as [number, number];
  const [top, left] = exact.map((side, axis) => Math.max(0, Math.floor((size[axis]! - side) / 2)));
  return pad(resize(picture, [height, width], interpolation), size, top!, left!);
}

/** Resizes a picture of bytes to `[height, width]` of float32, as Keras' `image_dataset_from_directory` does by TensorFlow. */
export function resizeFloat(
  picture: Picture,
  size: readonly [number, number],
  { interpolation, cropToAspectRatio, padToAspectRatio }: DatasetResizing,
): FloatImage {
  if (padToAspectRatio) return resizeWithPad(picture, size, interpolation);
  return resize(cropToAspectRatio ? crop(picture, size) : picture, size, interpolation);
}
