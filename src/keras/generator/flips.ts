import type { FloatImage } from "./floatImage.ts";

/** The picture in a mirror that stands beside it. */
export function flipHorizontally(image: FloatImage): FloatImage {
  const { width, channels } = image;
  const data = new Float32Array(image.data.length);
  for (let start = 0, to = 0; start < data.length; start += width * channels) {
    for (let column = width - 1; column >= 0; column--) {
      const from = start + column * channels;
      for (let channel = 0; channel < channels; channel++) data[to++] = image.data[from + channel]!;
    }
  }
  return { ...image, data };
}

/** The picture upside down. */
export function flipVertically(image: FloatImage): FloatImage {
  const { height, width, channels } = image;
  const row = width * channels;
  const data = new Float32Array(image.data.length);
  for (let index = 0; index < height; index++) {
    data.set(image.data.subarray(index * row, (index + 1) * row), (height - 1 - index) * row);
  }
  return { ...image, data };
}
