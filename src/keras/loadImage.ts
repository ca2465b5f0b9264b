import { tf } from "../tensorflow/tf.ts";
import { checkKnown } from "./training/checkKnown.ts";
import type { PictureSource } from "./pictures/decodePicture.ts";
import {
  checkPictureOptions,
  pictureOptions,
  readPicture,
  type PictureOptions,
} from "./pictures/readPicture.ts";

/**
 * Reads a picture from a file as a tensor `[height, width, channels]` of float32, 0 to 255: the values of Keras'
 * `img_to_array(load_img(path))`. A network that was trained on pictures scaled by 1/255 wants the same scaling here.
 *
 * ```ts
 * const image = await loadImage("cat.jpg", { targetSize: [224, 224], interpolation: "bilinear" });
 * const scaled = image.div(255).expandDims(0); // what model.predict wants
 * ```
 *
 * Resizing follows Pillow to the last bit, so pictures without loss (PNG, TIFF, GIF) give Keras' very numbers, and so does JPEG
 * with TensorFlow; other decoders of JPEG differ by a level here and there. Sixteen-bit grey pictures keep 0 to 65535 in mode "grayscale" and are clipped at 255 in
 * colour, which is what Keras does.
 *
 * @param source a PNG, JPEG, BMP, PPM, TIFF, WebP or GIF file, or the bytes of one
 * @param options `targetSize` (default: as it is), `colorMode` (default "rgb"), `interpolation` (default "nearest"),
 *   `keepAspectRatio` (default false)
 * @throws InputError when there is no such file, or when it is no picture, or when it is cut short
 */
export async function loadImage(source: PictureSource, options: PictureOptions = {}): Promise<tf.Tensor3D> {
  checkKnown("loadImage", options, pictureOptions);
  checkPictureOptions(options, "loadImage");
  const { data, height, width, channels } = await readPicture(source, options, "loadImage");
  return tf.tensor3d(Float32Array.from(data), [height, width, channels], "float32");
}
