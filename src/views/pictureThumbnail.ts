import { guessRange } from "../inspect/fills.ts";
import { meanNote, meanOfChannels } from "../inspect/pictureValues.ts";
import type { Tensor } from "../inspect/tensors.ts";
import { valuesToThumbnail, type Thumbnail } from "../render/thumbnail.ts";

/** A picture `[1, height, width, channels]` or `[1, height, width]` to look at; of channels that are no colours the mean, with a note. */
export async function toThumbnail(tensor: Tensor): Promise<{ picture: Thumbnail; note?: string }> {
  const [, height = 1, width = 1, depth = 1] = tensor.shape;
  const all = Float32Array.from(await tensor.data());
  // What a network takes as a fourth channel is no transparency.
  const isShown = depth === 1 || depth === 3;
  const channels = isShown ? depth : 1;
  const values = isShown ? all : meanOfChannels(all, depth);
  const min = values.reduce((a, b) => Math.min(a, b), Infinity);
  const max = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const picture = valuesToThumbnail(values, { width, height, channels, range: guessRange(min, max) });
  return { picture, ...(!isShown && { note: meanNote(depth) }) };
}
