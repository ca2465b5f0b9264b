import { InputError } from "../errors.ts";
import { tf } from "../tensorflow/tf.ts";
import { channelCount, toChannels, type ColorMode } from "./pictures/decodePicture.ts";

/** Pixels in memory: red, green, blue and alpha of each, from the top left. What `getImageData` of a canvas gives. */
export interface Pixels {
  data: Uint8Array | Uint8ClampedArray;
  width: number;
  height: number;
}

/** A canvas, of this machine or of a page. */
interface Canvas {
  width: number;
  height: number;
  getContext(
    kind: "2d",
  ): { getImageData(x: number, y: number, width: number, height: number): Pixels } | null;
}

const isCanvas = (image: object): image is Canvas => "getContext" in image;
const isPixels = (image: object): image is Pixels => "data" in image && "width" in image && "height" in image;

/**
 * Makes a tensor `[height, width, channels]` of float32, 0 to 255, from a picture in memory: Keras' `img_to_array`.
 *
 * ```ts
 * const canvas = createCanvas(28, 28); // of the package "canvas"
 * const digit = imageToTensor(canvas, { colorMode: "grayscale" });
 * ```
 *
 * @param image a canvas, its ImageData, or a picture that is a tensor already; it stays as it is
 * @param options `colorMode`: `"rgb"` (default), `"rgba"` or `"grayscale"`; tensors keep their channels
 * @throws InputError when it is none of these
 */
export function imageToTensor(
  image: Canvas | Pixels | tf.Tensor3D,
  { colorMode = "rgb" }: { colorMode?: ColorMode } = {},
): tf.Tensor3D {
  const who = "imageToTensor";
  if (image instanceof tf.Tensor) return image.clone().cast("float32");
  if (!Object.hasOwn(channelCount, colorMode)) {
    const expected = 'colorMode "rgb", "rgba" or "grayscale"';
    throw new InputError({ who, expected, found: JSON.stringify(colorMode) });
  }
  const pixels = isCanvas(image)
    ? image.getContext("2d")?.getImageData(0, 0, image.width, image.height)
    : image;
  const { data, width, height } = pixels && isPixels(pixels) ? pixels : { data: [], width: 0, height: 0 };
  if (data.length === 0 || data.length !== width * height * 4) {
    const fix = "read files with loadImage(path)";
    const found = `${data.length} numbers for ${width}x${height} pixels`;
    throw new InputError({ who, expected: "a canvas or its ImageData", found, fix });
  }
  const { data: values, channels } = toChannels(
    { data: Uint8Array.from(data), height, width, channels: 4 },
    channelCount[colorMode],
  );
  return tf.tensor3d(Float32Array.from(values), [height, width, channels]);
}
