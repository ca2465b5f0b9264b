import { join } from "node:path";
import sharp from "sharp";
import { atomicWriteFile } from "../../atomicWrite.ts";
import type { tf } from "../../tensorflow/tf.ts";
import { scaleToBytes } from "./colourTransforms.ts";
import type { Random } from "./drawTransform.ts";

/** Where the pictures of batches are saved, to look at what became of them; the names are Keras'. */
export interface SaveOptions {
  /** A directory to save every picture of every batch in; it is made where it is missing. Default `null`: none. */
  saveToDir?: string | null;
  /** What the files' names begin with. Default "". */
  savePrefix?: string;
  /** `"png"` (default), `"jpeg"`, `"webp"`, `"tiff"` or `"gif"`. */
  saveFormat?: SaveFormat;
}

export const saveFormats = ["png", "jpeg", "webp", "tiff", "gif"] as const;
type SaveFormat = (typeof saveFormats)[number];

/** Numbers in names, so that the pictures of another epoch have others. */
const names = 1e7;

/** Saves each picture of a batch as `PREFIX_INDEX_NUMBER.FORMAT`, its values stretched to 0 to 255. */
export async function saveBatch(
  batch: tf.Tensor4D,
  indices: Int32Array,
  { saveToDir, savePrefix = "", saveFormat = "png" }: SaveOptions & { saveToDir: string },
  random: Random,
): Promise<void> {
  const [, height, width, channels] = batch.shape;
  const size = height * width * channels;
  const values = Float32Array.from(await batch.data());
  const raw = { height, width, channels: channels as 1 | 3 | 4 };
  const saving = Array.from(indices, async (index, place) => {
    const name = `${savePrefix}_${index}_${Math.floor(random() * names)}.${saveFormat}`;
    const data = values.subarray(place * size, (place + 1) * size);
    const picture = sharp(scaleToBytes({ data, height, width, channels }), { raw });
    await atomicWriteFile(join(saveToDir, name), await picture.toFormat(saveFormat).toBuffer());
  });
  await Promise.all(saving);
}
