import { guessRange } from "../inspect/fills.ts";
import type { Tensor } from "../inspect/tensors.ts";
import { valuesToThumbnail, type Thumbnail } from "../render/thumbnail.ts";

/**
 * A picture `[1, height, width, channels]` or `[1, height, width]` to look at; of channels that are no colours the mean.
 *
 * @returns `range`: its least and largest number
 */
export async function toThumbnail(
  tensor: Tensor,
): Promise<{ picture: Thumbnail; range: readonly [number, number] }> {
  const [, height = 1, width = 1, depth = 1] = tensor.shape;
  const all = Float32Array.from(await tensor.data());
  const isColor = depth === 1 || depth === 3;
  const channels = isColor ? depth : 1;
  const values = isColor ? all : meanOfChannels(all, depth);
  const min = values.reduce((a, b) => Math.min(a, b), Infinity);
  const max = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const picture = valuesToThumbnail(values, { width, height, channels, range: guessRange(min, max) });
  return { picture, range: [min, max] };
}

function meanOfChannels(values: Float32Array, channels: number): Float32Array {
  return Float32Array.from({ length: values.length / channels }, (_, pixel) => {
    let sum = 0;
    for (let i = 0; i < channels; i++) sum += values[pixel * channels + i]!;
    return sum / channels;
  });
}
