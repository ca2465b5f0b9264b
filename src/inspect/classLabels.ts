import { InputError } from "../errors.ts";
import { tf } from "../tensorflow/tf.ts";

/**
 * The class of each picture: its index or its name, or a tensor of indices `[n]`, of scores or one-hot rows `[n, classes]`, or of
 * probabilities of the second of two classes `[n, 1]`.
 */
export type Labels = ArrayLike<number> | readonly string[] | readonly (readonly number[])[] | tf.Tensor;

/** The index of the class of each picture, and how many classes are known to be. */
export interface ClassLabels {
  classes: Int32Array;
  /** At least this many: as many as there are names or scores, or as the largest index says. */
  count: number;
}

interface LabelOptions {
  who: string;
  /** What the labels are for, in error messages. */
  what: string;
  /** Names of the classes, in the order of their indices. */
  classNames: readonly string[] | undefined;
}

/**
 * Brings labels to indices. What has as many numbers in a row as there are classes is the index of the largest.
 *
 * @throws InputError for a name that is none of the classes', or a number that is no index
 */
export function toClassLabels(labels: Labels, { who, what, classNames }: LabelOptions): ClassLabels {
  const wrong = (expected: string, found: string, fix?: string): never => {
    throw new InputError({ who, expected: `${what}: ${expected}`, found, ...(fix && { fix }) });
  };
  const { rows, width } = toRows(labels, classNames, wrong);
  const classes = width > 1 ? largest(rows, width) : Int32Array.from(rows, threshold);
  rows.forEach((value, i) => {
    if (width > 1 ? !Number.isNaN(value) : value >= 0 && (Number.isInteger(value) || value < 1)) return;
    wrong(width > 1 ? "numbers" : "indices of classes, 0 and above", `${value} at ${Math.floor(i / width)}`);
  });
  const highest = classes.reduce((a, b) => Math.max(a, b), 0);
  if (classNames && highest >= classNames.length) {
    const fix = "name each class in classNames";
    wrong(`classes of ${classNames.length} names`, `class ${highest}`, fix);
  }
  return { classes, count: classNames?.length ?? Math.max(width, highest + 1, 2) };
}

/** An index stays; of a probability it is said which of two classes it speaks for. */
const threshold = (value: number): number => (Number.isInteger(value) ? value : Number(value > 0.5));

type Wrong = (expected: string, found: string, fix?: string) => never;

function toRows(
  labels: Labels,
  classNames: readonly string[] | undefined,
  wrong: Wrong,
): { rows: ArrayLike<number> & readonly number[]; width: number } {
  if (labels instanceof tf.Tensor) {
    if (labels.rank !== 1 && labels.rank !== 2)
      wrong("a tensor [n] or [n, classes]", `[${labels.shape.join(", ")}]`);
    return { rows: Array.from(labels.dataSync()), width: labels.shape[1] ?? 1 };
  }
  if (typeof labels !== "object" || labels === null || !("length" in labels)) {
    wrong("an array or a tensor", typeof labels);
  }
  const list = Array.from<number | string | readonly number[]>(labels);
  if (list.length === 0) wrong("at least one", "none");
  if (list.every((label) => typeof label === "string")) {
    return { rows: list.map((name) => indexOf(name, classNames, wrong)), width: 1 };
  }
  const width = Array.isArray(list[0]) ? list[0].length : 1;
  return { rows: list.flat().map(Number), width };
}

function indexOf(name: string, classNames: readonly string[] | undefined, wrong: Wrong): number {
  const index = classNames?.indexOf(name) ?? -1;
  if (index >= 0) return index;
  return classNames === undefined
    ? wrong("indices", `the name "${name}"`, "give classNames as well")
    : wrong("names of the classes", `"${name}"`, `classes: ${classNames.join(", ")}`);
}

/** The column of the largest number of each row, the first of equal ones. */
export function largest(values: ArrayLike<number>, width: number): Int32Array {
  return Int32Array.from({ length: values.length / width }, (_, row) => {
    let best = 0;
    for (let column = 1; column < width; column++) {
      if (values[row * width + column]! > values[row * width + best]!) best = column;
    }
    return best;
  });
}
