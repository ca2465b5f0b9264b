import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { atomicWriteFile } from "../../atomicWrite.ts";
import { InputError } from "../../errors.ts";
import { currentHost } from "../../jupyter/host.ts";
import { tf } from "../../tensorflow/tf.ts";
import { fetchFile } from "../download/fetchFile.ts";
import { kerasHome } from "../download/kerasHome.ts";
import { walkFiles } from "./archives/walkFiles.ts";
import { readTar } from "./archives/tar.ts";
import {
  formatBinaryBatch,
  joinBatches,
  parseBinaryBatch,
  parsePythonBatch,
  type CifarBatch,
} from "./cifarBatches.ts";
import { cifarClasses, readCifarPictures } from "./cifarPictures.ts";
import { dataRoots } from "./dataRoots.ts";
import type { DatasetOptions } from "./datasetOptions.ts";

/** Small colour pictures of ten classes. `tf.dispose(data)` frees the tensors. */
export interface CifarDataset {
  /** `[50000, 32, 32, 3]`, float32, 0 to 255. */
  xTrain: tf.Tensor4D;
  /** `[50000, 1]`, int32, 0 to 9. */
  yTrain: tf.Tensor2D;
  /** `[10000, 32, 32, 3]`, float32. */
  xTest: tf.Tensor4D;
  /** `[10000, 1]`, int32. */
  yTest: tf.Tensor2D;
  /** The ten classes in the order of the labels. */
  classNames: string[];
  /** Where they are from. */
  source: string;
}

interface Batches {
  train: CifarBatch[];
  test: CifarBatch[];
  source: string;
}

const who = "datasets.cifar10";
const published = {
  url: "https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",
  hash: "sha256:6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",
} as const;
/** The names under which Keras 3 keeps the archive and unpacks it. */
const kerasArchive = "cifar-10-batches-py-target_archive";
const unpacked = [
  "",
  "cifar-10-batches-bin",
  "cifar-10-batches-py",
  "cifar-10-batches-py-target/cifar-10-batches-py",
];
const archives = [
  "cifar-10-binary.tar.gz",
  "cifar-10-python.tar.gz",
  "cifar-10-batches-py.tar.gz",
  kerasArchive,
];
const trainNames = [1, 2, 3, 4, 5].map((number) => `data_batch_${number}`);

/** The six batches by a function from name to content; undefined where one is missing. */
function parseBatches(read: (name: string) => Buffer | undefined, source: string): Batches | undefined {
  const batch = (name: string) => {
    const binary = read(`${name}.bin`);
    if (binary) return parseBinaryBatch(binary, who);
    const python = read(name);
    return python && parsePythonBatch(python, who);
  };
  const test = batch("test_batch");
  const train = test ? trainNames.map(batch) : [];
  if (!test || !train.every((each) => each !== undefined)) return undefined;
  return { train, test: [test], source };
}

async function readUnpacked(directory: string): Promise<Batches | undefined> {
  const names = [...trainNames, "test_batch"].flatMap((name) => [name, `${name}.bin`]);
  const files = new Map<string, Buffer>();
  for (const name of names) {
    const path = join(directory, name);
    if (existsSync(path)) files.set(name, await readFile(path));
  }
  return parseBatches((name) => files.get(name), `batches in ${directory}`);
}

async function readArchive(path: string): Promise<Batches | undefined> {
  const files = new Map<string, Buffer>();
  for await (const { name, data } of readTar(path, who)) files.set(basename(name), Buffer.from(data));
  return parseBatches((name) => files.get(name), path);
}

/** The set as JPEG pictures in one archive. What they decode to is kept in Keras' cache, where that can be written: it takes a while. */
async function readJpegArchive(path: string, signal: AbortSignal | undefined): Promise<Batches> {
  const { size } = await stat(path);
  const kept = join(kerasHome(), "datasets", `cifar-10-from-jpeg-${size}`);
  const paths = { train: join(kept, "train.bin"), test: join(kept, "test.bin") };
  const source = `${path}, JPEG pictures: near the original ones, in another order`;
  if (existsSync(paths.train) && existsSync(paths.test)) {
    const [train, test] = [await readFile(paths.train), await readFile(paths.test)];
    return { train: [parseBinaryBatch(train, who)], test: [parseBinaryBatch(test, who)], source };
  }
  const { train, test } = await readCifarPictures(readTar(path, who), { who, signal });
  try {
    await atomicWriteFile(paths.train, formatBinaryBatch(train));
    await atomicWriteFile(paths.test, formatBinaryBatch(test));
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
  }
  return { train: [train], test: [test], source };
}

async function readDirectory(
  directory: string,
  signal: AbortSignal | undefined,
): Promise<Batches | undefined> {
  for (const inner of unpacked) {
    const found = await readUnpacked(join(directory, inner));
    if (found) return found;
  }
  for (const name of archives) {
    const path = join(directory, name);
    const found = existsSync(path) ? await readArchive(path) : undefined;
    if (found) return found;
  }
  const jpeg = join(directory, "cifar10-jpeg.tar.gz");
  if (existsSync(jpeg)) return readJpegArchive(jpeg, signal);
  if (!["train", "test"].every((part) => existsSync(join(directory, part, "airplane")))) return undefined;
  const { train, test } = await readCifarPictures(walkFiles(directory), { who, signal });
  return {
    train: [train],
    test: [test],
    source: `pictures in ${directory}, in another order than the original`,
  };
}

async function find({ directory, signal }: DatasetOptions): Promise<Batches> {
  const cache = join(kerasHome(), "datasets");
  const places = [...dataRoots("cifar10", directory), ...(directory === undefined ? [cache] : [])];
  for (const place of places) {
    const found = await readDirectory(place, signal);
    if (found) return found;
  }
  if (directory !== undefined) {
    const expected =
      "a directory with CIFAR-10's batches, its archive, or pictures in train/CLASS and test/CLASS";
    throw new InputError({ who, expected, found: directory });
  }
  const options = { directory: cache, name: kerasArchive, hash: published.hash, who, signal };
  const otherwise = "name a directory that holds CIFAR-10 by CONVOSCOPE_DATA";
  return (await readArchive(await fetchFile(published.url, { ...options, otherwise })))!;
}

/**
 * CIFAR-10 (Krizhevsky 2009): 60,000 pictures of 32x32 of ten classes, 50,000 for training, with the shapes of Keras'
 * `keras.datasets.cifar10.load_data()`.
 *
 * ```ts
 * const { xTrain, yTrain, classNames } = await datasets.cifar10();
 * const x = xTrain.div(255); // [50000, 32, 32, 3], 0 to 1
 * const y = tf.oneHot(yTrain.flatten(), 10);
 * ```
 *
 * The set is looked for in the directory that CONVOSCOPE_DATA names (there or in its `cifar10`), then in Keras' own cache, where it is
 * downloaded to (170 MB) when it is not there. Read are the batches of the Python and of the binary version, unpacked or in
 * their archives, and trees of pictures `train/CLASS/…`, also as `cifar10-jpeg.tar.gz`. One printed line says which was used.
 *
 * @param options `directory`: where the set is; `signal`: stops reading or a download
 * @throws InputError when a file is damaged, or when the set is nowhere to be had
 */
export async function cifar10(options: DatasetOptions = {}): Promise<CifarDataset> {
  const { directory, signal = currentHost().signal } = options;
  const { train, test, source } = await find({
    ...(directory !== undefined && { directory }),
    ...(signal && { signal }),
  });
  process.stdout.write(`CIFAR-10: ${source}\n`);
  const tensors = (batches: CifarBatch[]) => {
    const { values, labels } = joinBatches(batches);
    return {
      x: tf.tensor4d(values, [labels.length, 32, 32, 3]),
      y: tf.tensor2d(labels, [labels.length, 1], "int32"),
    };
  };
  const [training, testing] = [tensors(train), tensors(test)];
  return {
    xTrain: training.x,
    yTrain: training.y,
    xTest: testing.x,
    yTest: testing.y,
    classNames: [...cifarClasses],
    source,
  };
}
