import { statSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../errors.ts";
import { tf } from "../tensorflow/tf.ts";
import type { Augmenter } from "./generator/augmenter.ts";
import { checkOneOf } from "./generator/checkFlow.ts";
import {
  describeFlow,
  pictureFlow,
  type PictureFlow,
  type PictureFlowOptions,
} from "./generator/pictureFlow.ts";
import { splitOf } from "./generator/subset.ts";
import { classModes, classTargets, type ClassMode } from "./generator/targets.ts";
import { hasEnding, pictureEndings } from "./pictures/listPictures.ts";

/** A picture and what is known about it, by columns' names. */
export type PictureRecord = Readonly<Record<string, unknown>>;

/** How targets are told by records: as classes, as the column's numbers (`"raw"`), or as several columns' (`"multi_output"`). */
export type RecordClassMode = ClassMode | "raw" | "multi_output";

/** Options of `flowFromDataframe`; the names are Keras'. */
export interface RecordFlowOptions extends PictureFlowOptions {
  /** Where the files are; default `null`: the records hold whole paths. */
  directory?: string | null;
  /** The column of the files' names. Default `"filename"`. */
  xCol?: string;
  /** The column of the targets, or the columns. Default `"class"`. */
  yCol?: string | readonly string[];
  /** The column of what each picture counts in the loss. Default `null`: all the same. */
  weightCol?: string | null;
  /** The classes to use, in this order; records of others are left out. Default: all of them, sorted. */
  classes?: readonly string[];
  /** Targets: one-hot (`"categorical"`, default), class index (`"binary"`, `"sparse"`), numbers (`"raw"`, `"multi_output"`), the pictures (`"input"`), none (`null`). */
  classMode?: RecordClassMode;
  /** Whether records without a picture file are left out before the first epoch. Default true. */
  validateFilenames?: boolean;
}

/** What a batch holds besides its pictures. */
export interface RecordTargets {
  ys?: tf.Tensor | tf.Tensor[];
  sampleWeight?: tf.Tensor1D;
}

/** Pictures that records name, as batches: iterating gives one epoch, and iterating again the next one, newly shuffled. */
export interface RecordIterator extends PictureFlow<RecordTargets> {
  /** The index of each class, by name; empty without classes. */
  readonly classIndices: Readonly<Record<string, number>>;
  /** The class of each picture, or its classes. */
  readonly classes: readonly (number | readonly number[])[];
  readonly filenames: readonly string[];
  readonly filepaths: readonly string[];
  readonly classMode: RecordClassMode;
}

const who = "flowFromDataframe";
const others = ["raw", "multi_output", "input", null] as const;

type Label = string | readonly string[];

function columnOf(records: readonly PictureRecord[], name: string): unknown[] {
  return records.map((record, row) => {
    if (Object.hasOwn(record, name)) return record[name];
    const found = `${Object.keys(record).join(", ")} in record ${row}`;
    throw new InputError({ who, expected: `a column "${name}"`, found });
  });
}

function checkValues<Value>(
  values: readonly unknown[],
  column: string,
  expected: string,
  test: (value: unknown) => boolean,
): Value[] {
  const row = values.findIndex((value) => !test(value));
  if (row < 0) return values as Value[];
  const found = `${JSON.stringify(values[row])} in record ${row}`;
  throw new InputError({ who, expected: `${expected} in column "${column}"`, found });
}

const isText = (value: unknown) => typeof value === "string";
const isTexts = (value: unknown) => Array.isArray(value) && value.every(isText);
const isNumber = (value: unknown) => typeof value === "number";

function isPictureFile(path: string): boolean {
  return hasEnding(path, pictureEndings) && (statSync(path, { throwIfNoEntry: false })?.isFile() ?? false);
}

/** A column of numbers, or of lists of numbers, as rows of a tensor. */
function numbersOf(records: readonly PictureRecord[], column: string): tf.TensorLike[] {
  return checkValues(columnOf(records, column), column, "numbers, or lists of numbers", (value) =>
    [value].flat(Infinity).every(isNumber),
  );
}

interface Classes {
  records: readonly PictureRecord[];
  classNames: string[];
  labels: (number | number[])[];
}

/** The classes of records, and the records that have one of them. */
function classesOf(
  records: readonly PictureRecord[],
  column: string,
  classMode: RecordClassMode,
  classes: readonly string[] | undefined,
): Classes {
  const several = classMode === "categorical";
  const expected = several ? "names, or lists of names," : "names";
  const values = checkValues<Label>(
    columnOf(records, column),
    column,
    expected,
    (value) => isText(value) || (several && isTexts(value)),
  );
  const classNames = classes ? [...new Set(classes)] : [...new Set(values.flat())].sort();
  if (classMode === "binary" && classNames.length !== 2) {
    const found = `${classNames.length}: ${classNames.slice(0, 5).join(", ")}`;
    throw new InputError({ who, expected: 'two classes with classMode "binary"', found });
  }
  const indexOf = new Map(classNames.map((name, index) => [name, index]));
  const known = values.map((value) => [value].flat().filter((name) => indexOf.has(name)));
  const kept = records.map((_, row) => row).filter((row) => known[row]!.length > 0);
  return {
    records: kept.map((row) => records[row]!),
    classNames,
    labels: kept.map((row) => {
      const indices = known[row]!.map((name) => indexOf.get(name)!);
      return isText(values[row]) ? indices[0]! : indices;
    }),
  };
}

/** Reads the records, says how many pictures there are, and makes batches of them by options that were checked. */
export function recordIterator(
  all: readonly PictureRecord[],
  options: RecordFlowOptions,
  augmenter: Augmenter,
): RecordIterator {
  const { directory = null, xCol = "filename", yCol = "class", weightCol = null, classes } = options;
  const { classMode = "categorical", validateFilenames = true, subset } = options;
  checkOneOf("classMode", classMode, [...classModes, "raw", "multi_output"], who);
  if ((classMode === "multi_output") !== Array.isArray(yCol)) {
    const expected = `${classMode === "multi_output" ? "a list of columns" : "one column"} as yCol with classMode "${classMode}"`;
    throw new InputError({ who, expected, found: JSON.stringify(yCol) });
  }
  const pathOf = (name: string) => (directory === null ? name : join(directory, name));
  const names = checkValues<string>(columnOf(all, xCol), xCol, "files' names", isText);
  let records = validateFilenames ? all.filter((_, row) => isPictureFile(pathOf(names[row]!))) : all;
  if (records.length < all.length) {
    const count = all.length - records.length;
    process.stdout.write(
      `Found ${count} invalid image filename(s) in xCol="${xCol}". These filename(s) will be ignored.\n`,
    );
  }
  const hasClasses = !others.includes(classMode as (typeof others)[number]);
  const found = hasClasses ? classesOf(records, yCol as string, classMode, classes) : undefined;
  records = found?.records ?? records;
  const [from, to] = splitOf(subset, augmenter.settings.validationSplit).map((part) =>
    Math.trunc(part * records.length),
  );
  records = records.slice(from, to);
  const { classNames = [] } = found ?? {};
  const labels = found?.labels.slice(from, to) ?? [];
  const filenames = columnOf(records, xCol) as string[];
  const filepaths = filenames.map(pathOf);
  const weights =
    weightCol === null
      ? undefined
      : checkValues<number>(columnOf(records, weightCol), weightCol, "numbers", isNumber);
  const numeric = classMode === "raw" || classMode === "multi_output";
  const columns = numeric ? [yCol].flat().map((column) => numbersOf(records, column)) : [];
  const kind = validateFilenames ? "validated" : "non-validated";
  const belonging = found ? ` belonging to ${classNames.length} classes` : "";
  process.stdout.write(`Found ${filenames.length} ${kind} image filenames${belonging}.\n`);

  const take = <Value>(values: readonly Value[], indices: Int32Array) =>
    Array.from(indices, (index) => values[index]!);
  const targetsOf = (indices: Int32Array, xs: tf.Tensor4D): RecordTargets => {
    const ys = columns.map((column) => tf.tensor(take(column, indices) as tf.TensorLike));
    return {
      ...(classMode === "multi_output"
        ? { ys }
        : classMode === "raw"
          ? { ys: ys[0]! }
          : classTargets(take(labels, indices), xs, classMode, classNames.length)),
      ...(weights && { sampleWeight: tf.tensor1d(take(weights, indices)) }),
    };
  };
  const flow = pictureFlow(filepaths, options, augmenter, targetsOf, who);
  return describeFlow(flow, { classNames, classes: labels, filenames, filepaths, classMode });
}
