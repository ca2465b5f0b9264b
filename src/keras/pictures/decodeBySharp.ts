import sharp, { type FailOnOptions as FailOn, type Sharp } from "sharp";
import { multiply } from "./alpha.ts";
import type { Picture } from "./decodePicture.ts";

async function pixelsOf(image: Sharp): Promise<Picture> {
  const { data, info } = await image.toBuffer({ resolveWithObject: true });
  const { height, width, channels } = info;
  return { data: new Uint8Array(data), height, width, channels };
}

/** Ink as light, in Pillow's integer arithmetic; profiles of printers are ignored there. */
function inkToLight({ data, height, width }: Picture): Picture {
  const light = new Uint8Array(height * width * 3);
  for (let from = 0, to = 0; to < light.length; from += 4) {
    const white = 255 - data[from + 3]!;
    for (let ink = 0; ink < 3; ink++) light[to++] = white - multiply(data[from + ink]!, white);
  }
  return { data: light, height, width, channels: 3 };
}

/**
 * Decodes a picture by sharp, which knows many formats, and says what is wrong with a file.
 *
 * @param options `keepDeepGrey`: whether 16-bit grey keeps its values; `failOn`: how much must be wrong with a file until it is refused
 */
export async function decodeBySharp(
  bytes: Uint8Array,
  { keepDeepGrey, failOn }: { keepDeepGrey: boolean; failOn: FailOn },
): Promise<Picture> {
  const image = sharp(bytes, { ignoreIcc: true, failOn });
  const { space, channels } = await image.metadata();
  if (space === "cmyk" && channels === 4) {
    return inkToLight(await pixelsOf(image.pipelineColourspace("cmyk").toColourspace("cmyk").raw()));
  }
  if (keepDeepGrey && space === "grey16" && channels === 1) {
    const deep = await pixelsOf(image.toColourspace("grey16").raw({ depth: "ushort" }));
    return { ...deep, data: new Uint16Array(deep.data.buffer as ArrayBuffer) };
  }
  return pixelsOf(image.toColourspace("srgb").raw());
}
