import { InputError } from "../../errors.ts";
import { readPickle, type Pickled, type PickledCall } from "./pickle.ts";

/** One of CIFAR-10's files: for each picture its label, and its red, green and blue plane. */
export interface CifarBatch {
  labels: Uint8Array;
  /** Planes of 32x32, three a picture. */
  planes: Uint8Array;
}

const pixels = 32 * 32;
const pictureBytes = 3 * pixels;

/** Where the bytes of a pickled NumPy array are. */
function arrayBytes(value: Pickled | undefined): Uint8Array | undefined {
  const state = (value as PickledCall | undefined)?.state;
  const bytes = Array.isArray(state) ? state.at(-1) : undefined;
  return bytes instanceof Uint8Array ? bytes : undefined;
}

/** A batch as Python reads it: a pickled dictionary with `data` and `labels`. */
export function parsePythonBatch(bytes: Buffer, who: string): CifarBatch {
  const batch = readPickle(bytes, who);
  const planes = batch instanceof Map ? arrayBytes(batch.get("data")) : undefined;
  const labels = batch instanceof Map ? batch.get("labels") : undefined;
  if (!planes || !Array.isArray(labels) || planes.length !== labels.length * pictureBytes) {
    throw new InputError({ who, expected: "CIFAR-10's data and labels", found: "another pickle" });
  }
  return { planes, labels: Uint8Array.from(labels as number[]) };
}

/** A batch of the binary version: for each picture a byte for the label, then the planes. */
export function parseBinaryBatch(bytes: Buffer, who: string): CifarBatch {
  const count = bytes.length / (1 + pictureBytes);
  if (!Number.isInteger(count) || count === 0) {
    throw new InputError({
      who,
      expected: "CIFAR-10's pictures of 3,073 bytes",
      found: `${bytes.length} bytes`,
    });
  }
  const labels = new Uint8Array(count);
  const planes = new Uint8Array(count * pictureBytes);
  for (let picture = 0, at = 0; picture < count; picture++) {
    labels[picture] = bytes[at++]!;
    planes.set(bytes.subarray(at, (at += pictureBytes)), picture * pictureBytes);
  }
  return { labels, planes };
}

/** Writes the binary version. */
export function formatBinaryBatch({ labels, planes }: CifarBatch): Uint8Array {
  const bytes = new Uint8Array(labels.length * (1 + pictureBytes));
  labels.forEach((label, picture) => {
    const at = picture * (1 + pictureBytes);
    bytes[at] = label;
    bytes.set(planes.subarray(picture * pictureBytes, (picture + 1) * pictureBytes), at + 1);
  });
  return bytes;
}

/** Batches, one after the other, with the channels of a pixel beside one another: float32, 0 to 255. */
export function joinBatches(batches: CifarBatch[]): { values: Float32Array; labels: Int32Array } {
  const count = batches.reduce((sum, { labels }) => sum + labels.length, 0);
  const values = new Float32Array(count * pictureBytes);
  const labels = new Int32Array(count);
  let picture = 0;
  for (const batch of batches) {
    labels.set(batch.labels, picture);
    for (let from = 0; from < batch.planes.length; from += pictureBytes, picture++) {
      let to = picture * pictureBytes;
      for (let pixel = from; pixel < from + pixels; pixel++) {
        values[to++] = batch.planes[pixel]!;
        values[to++] = batch.planes[pixel + pixels]!;
        values[to++] = batch.planes[pixel + 2 * pixels]!;
      }
    }
  }
  return { values, labels };
}
