import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { jpegDecoder, type JpegDecoder } from "../../tensorflow/decodeJpeg.ts";
import {
  channelCount,
  decodePicture,
  jpegManner,
  toChannels,
  type DecodeOptions,
  type Picture,
} from "./decodePicture.ts";
import { isPlainJpeg } from "./jpegComponents.ts";
import { inTurns } from "./inTurns.ts";
import { hasEnding } from "./listPictures.ts";

/** Decodes many files: each, or what is wrong with it, in their order. */
export type DecodePictures<Result> = (paths: readonly string[]) => Promise<PromiseSettledResult<Result>[]>;

/** Pixels that one call decodes: small pictures share what a call takes, many large ones would fill the memory. */
const mostPixels = 2 ** 20;

/** Pictures that are decoded one by one: enough for every core while some wait for the disk, and few whole files in memory. */
const singles = 2 * availableParallelism() + 2;

/**
 * Makes a decoder of many files, which gives the numbers of {@link decodePicture}. JPEG files are read and decoded by TensorFlow, several
 * in a call on other threads; all others, those that are no plain JPEG after all, and those that are broken, one by one.
 *
 * @param finish what is made of each picture as soon as it is there; the picture's own data may be overwritten afterwards
 */
export function picturesDecoder<Result>(
  finish: (picture: Picture) => Result,
  options: DecodeOptions,
  who: string,
): DecodePictures<Result> {
  const decodeSingle = inTurns(singles, async (path: string) =>
    finish(await decodePicture(path, options, who)),
  );
  // The pictures of a set are often of one size; the first call, of one picture, finds out.
  let largest = 0;

  async function decodeJpegs(
    decoder: JpegDecoder,
    paths: readonly string[],
    results: Map<string, Result>,
  ): Promise<void> {
    for (let next = 0; next < paths.length;) {
      const fitting = largest === 0 ? 1 : Math.floor(mostPixels / largest);
      const group = paths.slice(next, next + Math.max(1, fitting));
      next += group.length;
      const decoded = decoder.decodeFiles(
        group.map((path) => resolve(path)),
        ({ contents, pixels }) => {
          largest = Math.max(largest, pixels.height * pixels.width);
          return isPlainJpeg(contents)
            ? finish(toChannels(pixels, channelCount[options.colorMode]))
            : undefined;
        },
        jpegManner(options),
      );
      // What is broken fails once more when it is decoded by itself, and is named then.
      const made = await decoded.catch(() => []);
      group.forEach((path, index) => made[index] && results.set(path, made[index]));
    }
  }

  return async (paths) => {
    const decoder = jpegDecoder();
    const results = new Map<string, Result>();
    const jpegs = paths.filter((path) => hasEnding(path, [".jpg", ".jpeg"]));
    if (decoder) await decodeJpegs(decoder, jpegs, results);
    return Promise.allSettled(paths.map(async (path) => results.get(path) ?? decodeSingle(path)));
  };
}
