import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { InputError } from "../../errors.ts";
import { currentHost } from "../../jupyter/host.ts";
import { fetchFile } from "../download/fetchFile.ts";
import { kerasHome } from "../download/kerasHome.ts";
import type { ArchiveEntry } from "./archives/entry.ts";
import { extract } from "./archives/extract.ts";
import { readTar } from "./archives/tar.ts";
import { readZip } from "./archives/zip.ts";
import { dataRoots } from "./dataRoots.ts";
import type { DatasetOptions } from "./datasetOptions.ts";

/** Where the photos of cats and dogs are: directories with one directory per class. */
export interface CatsAndDogsDataset {
  /** Directory of the training photos. */
  train: string;
  /** Directory of the photos to validate with. */
  validation: string;
  /** Directory of the test photos, where the set has some. */
  test?: string;
  classNames: string[];
  /** Where they are from. */
  source: string;
}

const who = "datasets.catsAndDogs";
const url = "https://storage.googleapis.com/mledu-datasets/cats_and_dogs_filtered.zip";

/** Names that the set has in the forms in which it is given. */
const trees = ["", "small150", "original", "cats_and_dogs_filtered"];
const archives = ["small150.tar", "cats_and_dogs_filtered.zip"];
const trainNames = ["train", "training_set"];
const validationNames = ["validation", "test", "test_set"];

async function readTree(directory: string): Promise<Omit<CatsAndDogsDataset, "source"> | undefined> {
  const existing = (names: string[]) => names.map((name) => join(directory, name)).find(existsSync);
  const [train, validation] = [existing(trainNames), existing(validationNames)];
  if (train === undefined || validation === undefined) return undefined;
  const test = existing(["test", "test_set"]);
  const classNames = (await readdir(train, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
  return { train, validation, ...(test !== undefined && test !== validation && { test }), classNames };
}

const isZip = (path: string) => path.endsWith(".zip");
const readArchive = (path: string): AsyncGenerator<ArchiveEntry> =>
  isZip(path) ? readZip(path, who) : readTar(path, who);

/** Unpacks an archive into Keras' cache, once. */
async function unpack(path: string, name: string, signal: AbortSignal | undefined) {
  const place = join(kerasHome(), "datasets", `${name.replace(/\.\w+$/, "")}_extracted`);
  await extract(readArchive(path), place, { who, signal }).catch((cause: unknown) => {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === undefined) throw cause;
    const fix = "set KERAS_HOME to a directory that may be written";
    throw new InputError({ who, expected: `a place to unpack ${path} to`, found: message, fix, cause });
  });
  return findTree(place);
}

async function findTree(place: string) {
  for (const tree of trees) {
    const found = await readTree(join(place, tree));
    if (found) return found;
  }
  return undefined;
}

async function find(
  directory: string | undefined,
  signal: AbortSignal | undefined,
): Promise<CatsAndDogsDataset> {
  const cache = join(kerasHome(), "datasets");
  const places = [...dataRoots("cats-dogs", directory), ...(directory === undefined ? [cache] : [])];
  for (const place of places) {
    const tree = await findTree(place);
    if (tree) return { ...tree, source: place };
    for (const name of archives) {
      const path = join(place, name);
      const unpacked = existsSync(path) ? await unpack(path, name, signal) : undefined;
      if (unpacked) return { ...unpacked, source: path };
    }
  }
  if (directory !== undefined) {
    const expected = `a directory with train and validation, or with ${archives.join(" or ")}`;
    throw new InputError({ who, expected, found: directory });
  }
  const otherwise = "name a directory that holds the photos by CONVOSCOPE_DATA";
  const path = await fetchFile(url, { directory: cache, who, signal, otherwise });
  return { ...(await unpack(path, archives[1]!, signal))!, source: path };
}

/**
 * Photos of cats and dogs, of many sizes: some thousand of Kaggle's competition of 2013, as directories for `flowFromDirectory`.
 *
 * ```ts
 * const photos = await datasets.catsAndDogs();
 * const generator = imageDataGenerator({ rescale: 1 / 255 });
 * const train = generator.flowFromDirectory(photos.train, { targetSize: [64, 64], classMode: "binary" });
 * ```
 *
 * They are looked for in the directory that CONVOSCOPE_DATA names (there or in its `cats-dogs`: a tree of `train` and `validation`, or
 * `small150.tar`), then in Keras' own cache, where cats_and_dogs_filtered.zip (69 MB, 2,000 and 1,000 photos) is downloaded to when it
 * is not there. Archives are unpacked into that cache, once. One printed line says which was used.
 *
 * @param options `directory`: where the set is; `signal`: stops unpacking or a download
 * @throws InputError when an archive is damaged, or when the photos are nowhere to be had
 */
export async function catsAndDogs(options: DatasetOptions = {}): Promise<CatsAndDogsDataset> {
  const found = await find(options.directory, options.signal ?? currentHost().signal);
  process.stdout.write(`Cats and dogs: ${found.source}\n`);
  return found;
}
