import { readdirSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../../errors.ts";
import { isDirectory, listFiles } from "../pictures/listPictures.ts";
import type { ImageDatasetOptions } from "./datasetOptions.ts";

/** The endings that Keras looks for, in any case. */
const endings = [".bmp", ".gif", ".jpeg", ".jpg", ".png"];

/** Files with their classes. */
export interface DatasetFiles {
  paths: string[];
  /** The class of each file; `null` without labels. */
  labels: number[] | null;
  classNames: string[] | null;
}

/** The files of directories that are classes. */
function inferClasses(directory: string, options: ImageDatasetOptions, who: string): DatasetFiles {
  const { classNames: given, followLinks = false, onError = "throw" } = options;
  const found = readdirSync(directory)
    .sort()
    .filter((name) => !name.startsWith(".") && isDirectory(join(directory, name)));
  const missing = given?.find((name) => !found.includes(name));
  if (missing !== undefined || found.length === 0) {
    const expected = missing === undefined ? "one directory per class" : `a directory of class "${missing}"`;
    throw new InputError({ who, expected, found: `${found.join(", ") || "none"} in ${directory}` });
  }
  const classNames = [...(given ?? found)];
  const perClass = classNames.map((name) => {
    const files = listFiles(join(directory, name), endings, followLinks);
    if (files.length === 0 && onError === "throw") {
      const fix = "add pictures, or name the classes to use with `classNames`";
      throw new InputError({ who, expected: `pictures of class "${name}"`, found: "none", fix });
    }
    if (files.length === 0) process.stdout.write(`No picture of class "${name}" in ${directory}\n`);
    return files.map((file) => join(directory, name, file));
  });
  const labels = perClass.flatMap((files, label) => files.map(() => label));
  return { paths: perClass.flat(), labels, classNames };
}

/**
 * Finds the files of a dataset, in the order of their names.
 *
 * @throws InputError where there are no classes, or where the labels do not fit the files
 */
export function findDatasetFiles(directory: string, options: ImageDatasetOptions, who: string): DatasetFiles {
  const { labels = "inferred", labelMode = "int", classNames, followLinks = false } = options;
  if (!isDirectory(directory)) {
    throw new InputError({ who, expected: "a directory of pictures", found: `no ${directory}` });
  }
  if (labels === "inferred" && labelMode !== null) return inferClasses(directory, options, who);
  if (classNames !== undefined) {
    const expected = 'classNames only with labels "inferred"';
    throw new InputError({ who, expected, found: JSON.stringify(labels) });
  }
  const paths = listFiles(directory, endings, followLinks).map((file) => join(directory, file));
  if (labels === null || labels === "inferred" || labelMode === null) {
    return { paths, labels: null, classNames: null };
  }
  if (labels.length !== paths.length) {
    const expected = `as many labels as files in ${directory}, ${paths.length}`;
    throw new InputError({ who, expected, found: String(labels.length) });
  }
  const classes = [...new Set(labels)].sort((a, b) => a - b);
  return { paths, labels: [...labels], classNames: classes.map(String) };
}
