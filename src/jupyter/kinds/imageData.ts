import { imageToData } from "./imageBytes.ts";
import type { Kind } from "./kind.ts";

interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}

/** The pixels of a canvas, `ImageData`, as the picture that they are. */
export const imageData: Kind<Pixels> = {
  is: (value): value is Pixels => {
    const { width, height, data } = value as Partial<Pixels>;
    return (
      data instanceof Uint8ClampedArray &&
      data.length > 0 &&
      data.length === 4 * Number(width) * Number(height)
    );
  },
  async render({ width, height, data }) {
    // Loaded only here: it takes 70 ms.
    const { createCanvas, ImageData } = await import("canvas");
    const canvas = createCanvas(width, height);
    canvas.getContext("2d").putImageData(new ImageData(data, width, height), 0, 0);
    const picture = imageToData(canvas.toBuffer("image/png"));
    return { ...picture, "text/plain": `ImageData ${width} × ${height}` };
  },
};
