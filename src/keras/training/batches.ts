import { tf } from "../../tensorflow/tf.ts";
import type { Numbers } from "./tensorOf.ts";

/** A tensor, or numbers in arrays that one is made of. */
type Values = tf.Tensor | Numbers;

/** One tensor, one for each input or output in order, or one for each by its name. Arrays of numbers count as tensors. */
export type Tensors = Values | readonly Values[] | Readonly<Record<string, Values>>;

/** What a generator gives: inputs, targets and weights of samples. `fit` disposes them. */
export interface Batch {
  xs: Tensors;
  ys?: Tensors;
  /** How much each sample counts in the loss: `[batch]`, or for several outputs one for each. Default: all alike. */
  sampleWeight?: Tensors;
}

/** A batch as a list, as Keras' generators give it. */
export type BatchTuple = readonly [xs: Tensors, ys: Tensors, sampleWeight?: Tensors];

type Iterables = AsyncIterable<Batch | BatchTuple> | Iterable<Batch | BatchTuple>;

/** All data at once. `fit` does not dispose them. Features of pictures may lack targets, as batches may; that is refused when it is so. */
export type TensorData =
  | { x: Tensors; y?: Tensors; sampleWeight?: Tensors }
  | { xs: Tensors; ys: Tensors; sampleWeight?: Tensors }
  | BatchTuple;

/** Data that come batch by batch: an iterable (one epoch each time), a function that makes one, or a `tf.data` dataset. */
export type BatchData =
  | Iterables
  | (() => Iterables | Promise<Iterables>)
  | { iterator(): Promise<{ next(): Promise<IteratorResult<unknown>> }> };

/** All data that can be trained on. */
export type TrainingData = TensorData | BatchData;

/** A batch as the train function wants it: inputs in order, targets in order, and weights for each output or none. */
export interface FlatBatch {
  /** The batch, or with `rows` the whole data, which belong to the source. */
  tensors: tf.Tensor[];
  /** The samples of the batch; of several in a row where they are to be trained on in one call. */
  rows?: Int32Array;
  /** How many samples a batch has. */
  size: number;
  /** Those of the tensors that were made of arrays: nobody else frees them. */
  made?: readonly tf.Tensor[];
}

/** The batches of which rows are, one after the other. */
export function inSteps(batch: FlatBatch): FlatBatch[] {
  const { tensors, rows, size } = batch;
  if (rows === undefined) return [batch];
  return Array.from({ length: rows.length / size }, (_, step) => ({
    ...{ tensors, size },
    rows: rows.subarray(step * size, (step + 1) * size),
  }));
}

/** Frees what is a batch's own. */
export function disposeBatch({ tensors, rows }: FlatBatch): void {
  if (rows === undefined) tf.dispose(tensors);
}

const isTuple = (data: object): data is BatchTuple => {
  if (!Array.isArray(data) || data.length < 2 || data.length > 3) return false;
  // A list of batches may be as short.
  const [first] = data as unknown[];
  return first instanceof tf.Tensor || Array.isArray(first) || !Object.hasOwn(first as object, "xs");
};

/** Whether data are whole tensors. */
export function isTensorData(data: TrainingData): data is TensorData {
  return isTuple(data) || "x" in data || "xs" in data;
}

/** Inputs, targets and weights under the names that batches have. */
export function toBatch(data: TensorData | Batch): Batch {
  if (isTuple(data)) return withWeights(...data);
  if (!("x" in data)) return data;
  const { x, y, sampleWeight } = data;
  return { xs: x, ...(y && { ys: y }), ...(sampleWeight && { sampleWeight }) };
}

/** A batch of inputs and targets, and of weights where there are any. */
export function withWeights(xs: Tensors, ys: Tensors, sampleWeight?: Tensors): Batch {
  return { xs, ys, ...(sampleWeight && { sampleWeight }) };
}
