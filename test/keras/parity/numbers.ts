import type { TargetKind } from "./cases.ts";

/** Numbers from 0 to below 1, the same as make.py draws (Numerical Recipes' generator, its upper 24 bits). */
export function* random(seed: number): Generator<number, never, undefined> {
  let state = seed >>> 0;
  for (;;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield (state >>> 8) / 2 ** 24;
  }
}

export type Numbers = ReturnType<typeof random>;

const sizeOf = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

/** As many numbers as the shape holds. */
export function take(numbers: Numbers, shape: readonly number[], of: (u: number) => number): Float32Array {
  return Float32Array.from({ length: sizeOf(shape) }, () => of(numbers.next().value));
}

/** Targets of one kind, for an output of that shape. */
export function targetValues(
  kind: TargetKind,
  numbers: Numbers,
  count: number,
  shape: readonly number[],
): { shape: number[]; values: Float32Array } {
  const classes = shape.at(-1)!;
  const places = shape.slice(0, -1);
  const all = [count, ...shape];
  switch (kind) {
    case "classes": {
      const chosen = take(numbers, [count, ...places], (u) => Math.floor(u * classes));
      const values = new Float32Array(sizeOf(all));
      chosen.forEach((index, row) => (values[row * classes + index] = 1));
      return { shape: all, values };
    }
    case "indices": {
      const indices = [count, ...places, 1];
      return { shape: indices, values: take(numbers, indices, (u) => Math.floor(u * classes)) };
    }
    case "binary":
    case "labels":
      return { shape: all, values: take(numbers, all, (u) => Math.floor(u * 2)) };
    case "signs":
      return { shape: all, values: take(numbers, all, (u) => 2 * Math.floor(u * 2) - 1) };
    case "positive":
      return { shape: all, values: take(numbers, all, (u) => 0.1 + u) };
    case "distribution": {
      const values = Array.from({ length: count }, () => {
        const row = Array.from({ length: classes }, () => 0.1 + numbers.next().value);
        const sum = row.reduce((a, b) => a + b, 0);
        return row.map((value) => value / sum);
      });
      return { shape: all, values: Float32Array.from(values.flat()) };
    }
  }
}

/** The first values of a weight: spread by its size, scales and variances about 1, offsets about 0. */
export function firstValues(numbers: Numbers, name: string, shape: readonly number[]): Float32Array {
  if (shape.length > 1) {
    const limit = (6 / (sizeOf(shape.slice(0, -1)) + shape.at(-1)!)) ** 0.5;
    return take(numbers, shape, (u) => (2 * u - 1) * limit);
  }
  const about = /gamma|variance/.test(name)
    ? (u: number) => 1 + 0.2 * (2 * u - 1)
    : (u: number) => 0.1 * (2 * u - 1);
  return take(numbers, shape, about);
}

/** Up to eight values, evenly spread. */
export function sample(values: ArrayLike<number>): number[] {
  const { length } = values;
  if (length <= 8) return Array.from(values);
  return Array.from({ length: 8 }, (_, i) => values[Math.floor((i * length) / 8)]!);
}
