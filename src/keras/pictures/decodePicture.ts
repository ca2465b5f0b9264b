import { readFile } from "node:fs/promises";
import { InputError } from "../../errors.ts";
import { exactly, jpegDecoder, type JpegManner } from "../../tensorflow/decodeJpeg.ts";
import { decodeBmp, isBmp } from "./decodeBmp.ts";
import { decodeBySharp } from "./decodeBySharp.ts";
import { decodePnm, isPnm } from "./decodePnm.ts";
import { isPlainJpeg } from "./jpegComponents.ts";

/** How a picture is read, in Keras' words: 3, 4 or 1 channels. */
export type ColorMode = "rgb" | "rgba" | "grayscale";

/** A decoded picture: rows from the top, channels beside one another. Sixteen bits only for what Pillow calls "I;16". */
export interface Picture {
  data: Uint8Array | Uint16Array;
  height: number;
  width: number;
  channels: number;
}

export const channelCount: Record<ColorMode, number> = { rgb: 3, rgba: 4, grayscale: 1 };

/** What is made of the file of a picture. */
export interface DecodeOptions {
  colorMode: ColorMode;
  /**
   * Whose numbers are given: Pillow's (default), or those of TensorFlow's `decode_image`, which scales 16-bit grey to 0 to 255 and
   * decodes JPEG faster and less exactly.
   */
  decoder?: "pillow" | "tensorflow";
}

const reasons: Record<string, string> = {
  ENOENT: "no such file",
  EISDIR: "a directory",
  ENOTDIR: "no such file",
  EACCES: "no permission to read it",
};

/** Where a picture comes from: a file, by its path or `file:` address, or the bytes of one. */
export type PictureSource = string | URL | Uint8Array;

function nameOf(source: PictureSource): string {
  if (typeof source === "string") return source;
  return source instanceof URL ? source.href : `${source.length} bytes`;
}

async function readBytes(source: PictureSource, who: string): Promise<Uint8Array> {
  if (source instanceof Uint8Array) return source;
  try {
    return await readFile(source);
  } catch (cause) {
    const reason = reasons[(cause as NodeJS.ErrnoException).code ?? ""];
    if (reason === undefined) throw cause;
    throw new InputError({ who, expected: "a picture", found: `${reason}: ${nameOf(source)}`, cause });
  }
}

/** Luma as Pillow computes it: ITU-R 601-2 in 16-bit fixed point, rounded. */
function luma(red: number, green: number, blue: number): number {
  return (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16;
}

/** Pillow's conversion to so many channels; alpha is dropped, or added as 255. */
export function toChannels(source: Picture, wanted: number): Picture {
  const { data, height, width, channels } = source;
  if (channels === wanted) return source;
  const pixels = height * width;
  const out = new Uint8Array(pixels * wanted);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const from = pixel * channels;
    const to = pixel * wanted;
    // Sixteen-bit grey becomes 8-bit colour by clipping in Pillow, and therefore in Keras: not by scaling.
    const red = Math.min(data[from]!, 255);
    const green = channels === 1 ? red : data[from + 1]!;
    const blue = channels === 1 ? red : data[from + 2]!;
    if (wanted === 1) out[to] = luma(red, green, blue);
    else {
      out[to] = red;
      out[to + 1] = green;
      out[to + 2] = blue;
      if (wanted === 4) out[to + 3] = 255;
    }
  }
  return { data: out, height, width, channels: wanted };
}

/** The manner in which a JPEG file is decoded with {@link DecodeOptions}. */
export function jpegManner({ colorMode, decoder = "pillow" }: DecodeOptions): JpegManner {
  if (decoder === "pillow") return exactly;
  return { transform: "", channels: colorMode === "grayscale" ? 1 : 0 };
}

/** Plain JPEG by TensorFlow, in a third of the time. What its libjpeg gives up Pillow's does too; sharp is asked for the reason. */
async function decode(bytes: Uint8Array, options: DecodeOptions): Promise<Picture> {
  if (isBmp(bytes)) return decodeBmp(bytes);
  if (isPnm(bytes)) return decodePnm(bytes);
  const decoder = isPlainJpeg(bytes) ? jpegDecoder() : undefined;
  const picture = await decoder?.decode(bytes, jpegManner(options)).catch(() => undefined);
  const keepDeepGrey = options.decoder !== "tensorflow";
  return picture ?? decodeBySharp(bytes, { keepDeepGrey, failOn: decoder ? "warning" : "error" });
}

/** The reason that sharp gives, each line of it once and without the name of the part of libvips that saw it. */
function reasonOf(error: Error): string {
  const lines = error.message.split(/:?\s*(?:\n|VipsJpeg: )/).map((line) => line.trim());
  return [...new Set(lines)].filter((line) => line !== "").join("; ");
}

/**
 * Decodes a picture to the very numbers that Keras' `load_img` gives (Pillow's conversions): alpha is dropped and not
 * blended, colour profiles and orientation tags are ignored, 16-bit grey keeps its values in mode "grayscale".
 *
 * @throws InputError when there is no file, or when it is no picture, or when it is cut short
 */
export async function decodePicture(
  source: PictureSource,
  options: DecodeOptions,
  who: string,
): Promise<Picture> {
  const bytes = await readBytes(source, who);
  try {
    return toChannels(await decode(bytes, options), channelCount[options.colorMode]);
  } catch (cause) {
    throw new InputError({
      who,
      expected: "a whole PNG, JPEG, BMP, TIFF, WebP or GIF picture",
      found: `${nameOf(source)} (${bytes.length === 0 ? "empty file" : reasonOf(cause as Error)})`,
      fix: "replace or remove the file",
      cause,
    });
  }
}
