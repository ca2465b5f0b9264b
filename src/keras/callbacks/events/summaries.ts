import sharp from "sharp";
import { bytes, float, message, uint } from "./protobuf.ts";

/** One thing that TensorBoard shows: a message `Summary.Value`. */
export type Summary = Uint8Array;

/** Numbers of TensorFlow's data types. */
const types = { float: 1, double: 2, string: 7 };
/** Numbers of TensorBoard's kinds of data. */
const classes = { scalars: 1, histograms: 2, images: 3 };

function summary(plugin: keyof typeof classes, tag: string, tensor: readonly Uint8Array[]): Summary {
  const metadata = message(9, message(1, bytes(1, plugin)), uint(4, classes[plugin]));
  return Buffer.concat([bytes(1, tag), message(8, ...tensor), metadata]);
}

type Numbers = Float32Array | Int32Array | Uint8Array;

const shape = (...sizes: readonly number[]) => message(2, ...sizes.map((size) => message(2, uint(1, size))));

/** A point of a curve. */
export function scalar(tag: string, value: number): Summary {
  return summary("scalars", tag, [uint(1, types.float), shape(), float(5, value)]);
}

/** How values are spread, in 30 bins between the least and the largest, as `tf.summary.histogram` counts them. */
export function histogram(tag: string, values: Numbers, bins = 30): Summary {
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  const width = (most - least) / bins;
  const counts = new Float64Array(bins);
  for (const value of values) {
    const place = width > 0 ? Math.floor((value - least) / width) : bins;
    counts[Math.min(place, bins - 1)]!++;
  }
  const rows = Float64Array.from({ length: bins * 3 }, (_, index) => {
    const bin = Math.floor(index / 3);
    return [least + bin * width, bin === bins - 1 ? most : least + (bin + 1) * width, counts[bin]!][
      index % 3
    ]!;
  });
  const content = new Uint8Array(rows.buffer);
  return summary("histograms", tag, [uint(1, types.double), shape(bins, 3), bytes(4, content)]);
}

/** Pictures of one size and one channel. */
export interface Pictures {
  width: number;
  height: number;
  /** Values from 0 (black) to 1 (white), row by row, picture by picture; others are cut off. */
  values: Numbers;
}

/** The first three of some pictures, as `tf.summary.image` takes them. */
export async function images(tag: string, { width, height, values }: Pictures): Promise<Summary> {
  const size = width * height;
  const count = Math.min(3, values.length / size);
  const pictures = Array.from({ length: count }, (_, picture) => {
    const grey = Uint8Array.from({ length: size }, (_, index) => {
      const value = values[picture * size + index]!;
      return Math.round(Math.min(1, Math.max(0, value)) * 255);
    });
    return sharp(grey, { raw: { width, height, channels: 1 } })
      .toColourspace("b-w")
      .png()
      .toBuffer();
  });
  const parts = [String(width), String(height), ...(await Promise.all(pictures))];
  const content = parts.map((part) => bytes(8, part));
  return summary("images", tag, [uint(1, types.string), shape(parts.length), ...content]);
}
