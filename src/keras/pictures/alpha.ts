import type { Picture } from "./decodePicture.ts";

/** A product of two shares of 255, in Pillow's integer arithmetic. */
export function multiply(a: number, b: number): number {
  const product = a * b + 128;
  return ((product >> 8) + product) >> 8;
}

function mapColours(picture: Picture, change: (colour: number, alpha: number) => number): Picture {
  const data = Uint8Array.from(picture.data);
  for (let pixel = 0; pixel < data.length; pixel += 4) {
    const alpha = data[pixel + 3]!;
    for (let channel = 0; channel < 3; channel++) {
      data[pixel + channel] = change(data[pixel + channel]!, alpha);
    }
  }
  return { ...picture, data };
}

/** Colours times their opacity, so that what cannot be seen does not bleed into its neighbours when a picture is resized. */
export function premultiply(picture: Picture): Picture {
  return mapColours(picture, multiply);
}

/** Undoes {@link premultiply}. */
export function unpremultiply(picture: Picture): Picture {
  return mapColours(picture, (colour, alpha) =>
    alpha === 0 || alpha === 255 ? colour : Math.min(255, Math.trunc((255 * colour) / alpha)),
  );
}
