import type { LayerActivations } from "./activations.ts";

/**
 * What a layer gives for several pictures as if it were one, so that they get one scale: maps below one another, vectors one after the
 * other.
 */
export function stackActivations(pictures: readonly LayerActivations[]): LayerActivations {
  const [first] = pictures;
  if (pictures.length === 1) return first!;
  const { shape, values: own, height, channels } = first!;
  const values = new Float32Array(own.length * pictures.length);
  pictures.forEach((picture, i) => {
    values.set(picture.values, i * own.length);
  });
  const isVector = shape.length === 1;
  return {
    ...first!,
    values,
    height: isVector ? 1 : height * pictures.length,
    channels: isVector ? channels * pictures.length : channels,
    min: Math.min(...pictures.map(({ min }) => min)),
    max: Math.max(...pictures.map(({ max }) => max)),
    nonFinite: pictures.reduce((sum, { nonFinite }) => sum + nonFinite, 0),
    nan: pictures.reduce((sum, { nan }) => sum + nan, 0),
  };
}
