import { InputError } from "../errors.ts";
import { toClassLabels, type Labels } from "../inspect/classLabels.ts";

/** What pictures show: names, or indices of classes as {@link Labels}. */
export type NamesOrLabels = Labels | readonly (string | number)[];

interface NameOptions {
  classNames: readonly string[] | undefined;
  /** How many there have to be. */
  count: number;
  who: string;
  /** What they are for, in error messages. */
  what: string;
}

/** The name of a class: the one given, else its index. */
export function nameOfClass(label: string | number, classNames: readonly string[] | undefined): string {
  return typeof label === "number" ? (classNames?.[label] ?? String(label)) : label;
}

/**
 * The names of labels, one for each picture.
 *
 * @throws InputError when there are not as many labels as pictures, or one is no class
 */
export function labelNames(labels: NamesOrLabels, { classNames, count, who, what }: NameOptions): string[] {
  const isPlain = Array.isArray(labels) && labels.every((label) => typeof label !== "object");
  const plain = isPlain
    ? (labels as (string | number)[])
    : Array.from(toClassLabels(labels as Labels, { who, what, classNames }).classes);
  checkCount(what, plain, count, who);
  return plain.map((label) => nameOfClass(label, classNames));
}

/** @throws InputError when a list does not have one entry for each picture */
export function checkCount(what: string, list: ArrayLike<unknown>, count: number, who: string): void {
  if (list.length === count) return;
  const expected = `${what} for ${count} pictures`;
  throw new InputError({ who, expected, found: String(list.length), fix: "one for each picture" });
}
