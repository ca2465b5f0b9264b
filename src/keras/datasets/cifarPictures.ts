import { availableParallelism } from "node:os";
import { basename, dirname } from "node:path/posix";
import sharp from "sharp";
import { InputError } from "../../errors.ts";
import { decodePicture } from "../pictures/decodePicture.ts";
import type { ArchiveEntry } from "./archives/entry.ts";
import type { CifarBatch } from "./cifarBatches.ts";
import { countLine } from "../../jupyter/countLine.ts";

/** CIFAR-10's classes in the order of its labels, which is the alphabet's. */
export const cifarClasses = [
  ...["airplane", "automobile", "bird", "cat", "deer"],
  ...["dog", "frog", "horse", "ship", "truck"],
];

const side = 32;
const pixels = side * side;
/** Pictures that are decoded at once: alone, each would cost more than its decoding. */
const group = 100;

/** Decodes pictures into one, below each other; where one of them is broken, it is looked for and named. */
async function decodeGroup(pictures: ArchiveEntry[], who: string): Promise<Uint8Array> {
  const jpegs = pictures.map(({ data }) => Buffer.from(data.buffer, data.byteOffset, data.length));
  const column = sharp(jpegs, { join: { across: 1 }, ignoreIcc: true, failOn: "truncated" });
  try {
    const { data, info } = await column.toColourspace("srgb").raw().toBuffer({ resolveWithObject: true });
    if (info.width === side && info.height === side * pictures.length && info.channels === 3) return data;
  } catch {
    // Found below.
  }
  for (const { data, name } of pictures) {
    const { height, width } = await decodePicture(data, { colorMode: "rgb" }, `${who}: ${name}`);
    if (height !== side || width !== side) {
      throw new InputError({ who, expected: "pictures of 32x32", found: `${name} of ${width}x${height}` });
    }
  }
  throw new InputError({ who, expected: "pictures in colour", found: pictures[0]!.name });
}

/** Red, green and blue of each pixel, as planes. */
function toPlanes(data: Uint8Array, planes: Uint8Array, at: number): void {
  for (let pixel = 0, from = 0; from < data.length; pixel++) {
    const to = at + 3 * pixels * Math.floor(pixel / pixels) + (pixel % pixels);
    for (let channel = 0; channel < 3; channel++) planes[to + channel * pixels] = data[from++]!;
  }
}

/**
 * CIFAR-10 as a tree of pictures, `train/CLASS/0000.jpg` and `test/CLASS/…`. One picture of each class in turn, so that every
 * part of the set has all classes; the original order is lost in this form.
 *
 * @returns training and test set
 */
export async function readCifarPictures(
  entries: AsyncIterable<ArchiveEntry>,
  { who, signal }: { who: string; signal?: AbortSignal | undefined },
): Promise<{ train: CifarBatch; test: CifarBatch }> {
  const found = { train: [] as ArchiveEntry[], test: [] as ArchiveEntry[] };
  for await (const entry of entries) {
    const part = basename(dirname(dirname(entry.name)));
    if (part === "train" || part === "test") found[part].push(entry);
  }
  const read = async (files: ArchiveEntry[]) => {
    const byClass = cifarClasses.map((name) =>
      files
        .filter((file) => basename(dirname(file.name)) === name)
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
    );
    if (byClass.some((pictures) => pictures.length === 0)) {
      const expected = `pictures of ${cifarClasses.join(", ")} below train and test`;
      throw new InputError({ who, expected, found: `${files.length} files` });
    }
    const rounds = Math.max(...byClass.map((pictures) => pictures.length));
    const order = Array.from({ length: rounds }, (_, i) => byClass.map((pictures) => pictures[i])).flat();
    const pictures = order.filter((entry) => entry !== undefined);
    const planes = new Uint8Array(pictures.length * 3 * pixels);
    const line = countLine(`Decoding ${pictures.length} pictures`);
    let next = 0;
    const work = async () => {
      while (next < pictures.length) {
        signal?.throwIfAborted();
        const index = next;
        next += group;
        toPlanes(await decodeGroup(pictures.slice(index, index + group), who), planes, index * 3 * pixels);
        line.update(index);
      }
    };
    await Promise.all(Array.from({ length: availableParallelism() }, work)).finally(line.leave);
    const labels = Uint8Array.from(pictures, ({ name }) => cifarClasses.indexOf(basename(dirname(name))));
    return { labels, planes };
  };
  return { train: await read(found.train), test: await read(found.test) };
}
