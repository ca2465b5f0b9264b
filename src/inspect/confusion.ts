/** How well a class is recognised. */
export interface ClassReport {
  name: string;
  /** How many pictures show it. */
  support: number;
  /** How many of these are recognised: the accuracy for this class; NaN where none shows it. */
  recall: number;
  /** How many of the pictures taken for it show it; NaN where none is taken for it. */
  precision: number;
  /** The harmonic mean of both; NaN where nothing shows it and nothing is taken for it. */
  f1: number;
}

/** What is divided by what: nothing, each number by the sum of its row (true class), of its column (predicted), or by the sum of all. */
export type Normalize = "none" | "true" | "pred" | "all";

/** How often each class is taken for each: rows are true classes, columns predicted ones. */
export function countConfusion(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classes: number,
): number[][] {
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let i = 0; i < truth.length; i++) counts[truth[i]!]![predicted[i]!]!++;
  return counts;
}

/** The counts as shares; 0 where there is nothing to divide by, as scikit-learn has it. */
export function normalizeConfusion(counts: readonly number[][], normalize: Normalize): number[][] {
  if (normalize === "none") return counts.map((row) => [...row]);
  const rows = counts.map(sum);
  const columns = counts.map((_, column) => sum(counts.map((row) => row[column]!)));
  const all = sum(rows);
  const by = { true: (i: number) => rows[i]!, pred: (_: number, j: number) => columns[j]!, all: () => all }[
    normalize
  ];
  return counts.map((row, i) => row.map((count, j) => (count === 0 ? 0 : count / by(i, j))));
}

/** Recall, precision and their mean for each class. */
export function reportClasses(counts: readonly number[][], names: readonly string[]): ClassReport[] {
  return counts.map((row, index) => {
    const right = row[index]!;
    const support = sum(row);
    const recall = right / support;
    const taken = sum(counts.map((other) => other[index]!));
    return {
      name: names[index]!,
      ...{ support, recall, precision: right / taken },
      f1: (2 * right) / (support + taken),
    };
  });
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
