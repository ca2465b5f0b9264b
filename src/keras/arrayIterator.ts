import { InputError } from "../errors.ts";
import { tf } from "../tensorflow/tf.ts";
import { makeBatch, type Augmenter } from "./generator/augmenter.ts";
import type { BatchOptions } from "./generator/batchOptions.ts";
import { epochsOf, type Epochs } from "./generator/epochs.ts";
import { rowAt, rowsOf, takeRows, type Rows } from "./generator/rows.ts";
import { splitOf } from "./generator/subset.ts";

/** Options of `flow`; the names are Keras'. */
export interface ArrayFlowOptions extends BatchOptions {
  /** How much each picture counts in the loss: one number a picture. Default: all the same. */
  sampleWeight?: tf.Tensor1D | readonly number[];
  /** Whether training and validation may have different classes. Default false. */
  ignoreClassSplit?: boolean;
}

/** One batch; whoever takes it from an iterator disposes it. */
export interface ArrayBatch {
  /** The pictures, or with other inputs beside them all of these. */
  xs: tf.Tensor4D | tf.Tensor[];
  ys?: tf.Tensor;
  sampleWeight?: tf.Tensor;
}

/** Pictures of a tensor as batches: iterating gives one epoch, and iterating again the next one, newly shuffled. */
export type ArrayIterator = Epochs<ArrayBatch>;

const who = "flow";

function checkCounts(count: number, others: Record<string, Rows | undefined>): void {
  for (const [name, rows] of Object.entries(others)) {
    if (rows === undefined || rows.count === count) continue;
    throw new InputError({
      who,
      expected: `as many ${name} as pictures, ${count}`,
      found: String(rows.count),
    });
  }
}

/** Classes are what Keras takes for them: the different numbers among the targets. */
function checkClasses(ys: Rows, cut: number): void {
  const size = tf.util.sizeFromShape([...ys.shape]);
  const classesOf = (data: Rows["data"]) => [...new Set(data)].sort((a, b) => a - b).join();
  if (classesOf(ys.data.subarray(0, cut * size)) === classesOf(ys.data.subarray(cut * size))) return;
  const fix = "shuffle pictures and targets before, or set ignoreClassSplit";
  throw new InputError({ who, expected: "the same classes in both subsets", found: "others", fix });
}

/** Makes batches of a tensor's pictures by options that were checked. */
export function arrayIterator(
  x: tf.Tensor4D | readonly tf.Tensor[],
  y: tf.Tensor | undefined,
  options: ArrayFlowOptions,
  augmenter: Augmenter,
): ArrayIterator {
  const { batchSize = 32, shuffle = true, seed, signal, subset } = options;
  const { sampleWeight, ignoreClassSplit = false } = options;
  const [pictures, ...others] = (x instanceof tf.Tensor ? [x] : x).map(rowsOf);
  const weights = sampleWeight === undefined ? undefined : rowsOf(sampleWeight);
  const targets = y === undefined ? undefined : rowsOf(y);
  if (pictures?.shape.length !== 3) {
    const found = pictures === undefined ? "none" : `[${[pictures.count, ...pictures.shape].join(", ")}]`;
    throw new InputError({ who, expected: "pictures [count, height, width, channels]", found });
  }
  const { count } = pictures;
  const inputs = others.map((rows, index) => [`inputs ${index + 1}`, rows]);
  checkCounts(count, { targets, weights, ...(Object.fromEntries(inputs) as Record<string, Rows>) });
  const shape = pictures.shape as [number, number, number];
  const { validationSplit } = augmenter.settings;
  const [first, end] = splitOf(subset, validationSplit).map((part) => Math.trunc(part * count));
  if (subset !== undefined && targets !== undefined && !ignoreClassSplit) {
    checkClasses(targets, Math.trunc(validationSplit * count));
  }
  return epochsOf({
    ...{ samples: end! - first!, batchSize, shuffle, seed, signal, onError: "throw" },
    nameOf: String,
    load: (index) => Promise.resolve(rowAt(pictures, first! + index)),
    makeBatch: (images, indices, random) =>
      makeBatch(images, indices, random, { shape, augmenter, saving: options }, (xs) => {
        const rows = indices.map((index) => first! + index);
        return {
          xs: others.length === 0 ? xs : [xs, ...others.map((other) => takeRows(other, rows))],
          ...(targets && { ys: takeRows(targets, rows) }),
          ...(weights && { sampleWeight: takeRows(weights, rows) }),
        };
      }),
  });
}
