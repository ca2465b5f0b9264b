import type { Picture } from "./decodePicture.ts";
import type { Stretch } from "./resample.ts";

/**
 * Which source sample stands for each of `target` samples. Pillow steps by adding the scale again and again, so its
 * rounding errors add up; multiplying would pick another neighbour at some sizes.
 */
function centreSamples(source: number, { start, length }: Stretch, target: number): Int32Array {
  const scale = length / target;
  const samples = new Int32Array(target);
  let position = start + scale * 0.5;
  for (let i = 0; i < target; i++) {
    samples[i] = Math.min(Math.floor(position), source - 1);
    position += scale;
  }
  return samples;
}

/**
 * Resizes a part of a picture to `[height, width]` by taking the nearest sample, equal to Pillow's `Image.resize(size, NEAREST, box)`.
 *
 * @param down, across the part, within the picture
 */
export function resizeNearest(
  picture: Picture,
  [height, width]: readonly [number, number],
  { down, across }: { down: Stretch; across: Stretch },
): Picture {
  const { channels } = picture;
  const rows = centreSamples(picture.height, down, height);
  const columns = centreSamples(picture.width, across, width);
  const size = height * width * channels;
  const data = picture.data instanceof Uint16Array ? new Uint16Array(size) : new Uint8Array(size);
  const source = picture.data;
  let to = 0;
  for (const row of rows) {
    const start = row * picture.width;
    for (const column of columns) {
      const from = (start + column) * channels;
      data[to] = source[from]!;
      // Without a loop, because this is done for every photo of a training.
      if (channels > 1) {
        data[to + 1] = source[from + 1]!;
        data[to + 2] = source[from + 2]!;
        if (channels > 3) data[to + 3] = source[from + 3]!;
      }
      to += channels;
    }
  }
  return { data, height, width, channels };
}
