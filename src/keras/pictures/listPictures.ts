import { readdirSync, statSync } from "node:fs";
import { basename, join, relative, sep } from "node:path";
import { InputError } from "../../errors.ts";

/** The endings that Keras' generator looks for, in any case. */
export const pictureEndings = [".png", ".jpg", ".jpeg", ".bmp", ".ppm", ".tif", ".tiff"];

/** What a directory of classes holds, in Keras' order. */
export interface PictureList {
  classNames: string[];
  /** The class of each file, as an index into `classNames`. */
  labels: Int32Array;
  /** Paths relative to the directory: `class/file.png`. */
  filenames: string[];
}

/** Whether there is a directory of that name, or a link to one. */
export function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** Whether a name has one of some endings, in any case. */
export function hasEnding(name: string, endings: readonly string[]): boolean {
  return endings.some((ending) => name.toLowerCase().endsWith(ending));
}

/** Every directory below `root`, itself included; links to directories are only followed on request. */
function walk(root: string, followLinks: boolean): string[] {
  const below = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() || (followLinks && isDirectory(join(root, entry.name))))
    .flatMap((entry) => walk(join(root, entry.name), followLinks));
  return [root, ...below];
}

/**
 * The files below a directory that have one of some endings, in any case, as paths in it: directories sorted, then names sorted, both by
 * code units as Python does.
 */
export function listFiles(directory: string, endings: readonly string[], followLinks: boolean): string[] {
  return walk(directory, followLinks)
    .sort()
    .flatMap((root) =>
      readdirSync(root)
        .sort()
        .filter((name) => hasEnding(name, endings))
        .map((name) => join(root, name))
        .filter((path) => !isDirectory(path)),
    )
    .map((path) => relative(directory, path).split(sep).join("/"));
}

/**
 * Lists a directory that holds one directory per class, as Keras' `flow_from_directory` does.
 *
 * @param directory where the classes are
 * @param options `classes`: which ones and in which order (default: all, sorted); `split`: the part of each class to
 *   take, from and to as fractions (default: all); `followLinks` (default false); `onError`: `"throw"` (default), or `"skip"`, which keeps
 *   classes without pictures and says so
 * @throws InputError when the directory is missing or has no classes, or when a class has no picture
 */
export function listPictures(
  directory: string,
  {
    classes,
    split = [0, 1],
    followLinks = false,
    onError = "throw",
    who,
  }: {
    classes?: readonly string[];
    split?: readonly [number, number];
    followLinks?: boolean;
    onError?: "throw" | "skip";
    who: string;
  },
): PictureList {
  if (!isDirectory(directory)) {
    throw new InputError({
      who,
      expected: "a directory with one directory per class",
      found: `no ${directory}`,
    });
  }
  const classNames = [...(classes ?? readdirSync(directory).sort())].filter(
    (name) => classes !== undefined || isDirectory(join(directory, name)),
  );
  if (classNames.length === 0) {
    throw new InputError({ who, expected: "one directory per class", found: `no directory in ${directory}` });
  }
  const perClass = classNames.map((name) => {
    const path = join(directory, name);
    const files = isDirectory(path) ? listFiles(path, pictureEndings, followLinks) : [];
    if (files.length === 0 && onError === "skip" && isDirectory(path)) {
      process.stdout.write(`No picture of class "${name}" in ${path}\n`);
    } else if (files.length === 0) {
      const found = `${isDirectory(path) ? "no picture in" : "no directory"} ${path}`;
      const fix = "add pictures, or name the classes to use with `classes`";
      throw new InputError({ who, expected: `pictures of class "${name}"`, found, fix });
    }
    return files
      .slice(Math.trunc(split[0] * files.length), Math.trunc(split[1] * files.length))
      .map((file) => `${basename(path)}/${file}`);
  });
  return {
    classNames,
    labels: Int32Array.from(perClass.flatMap((files, label) => files.map(() => label))),
    filenames: perClass.flat(),
  };
}
