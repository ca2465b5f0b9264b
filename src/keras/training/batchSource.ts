import { InputError } from "../../errors.ts";
import { tf } from "../../tensorflow/tf.ts";
import {
  isTensorData,
  toBatch,
  type Batch,
  type BatchData,
  type FlatBatch,
  type TrainingData,
} from "./batches.ts";
import { completeBatch, orderBatch, type OrderOptions } from "./orderBatch.ts";
import { inOrder, permutation } from "./permutation.ts";
import type { TrainableModel } from "./trainableModel.ts";

/** Data in the one form that the training loop knows. */
export interface BatchSource {
  /** Batches in an epoch, where that is known. */
  steps: number | undefined;
  /** Samples in an epoch, where the data are tensors. */
  samples?: number;
  /**
   * One epoch; each batch belongs to whoever takes it. Where the data are tensors, batches of equal size come together, as many as
   * `stepsAtOnce` says for the next one. Default 1.
   */
  epoch(stepsAtOnce?: (batch: FlatBatch) => number): AsyncGenerator<FlatBatch, void, undefined>;
  /** Frees what the source itself has made. */
  dispose(): void;
}

export interface SourceOptions extends OrderOptions {
  batchSize: number;
  shuffle: boolean;
}

/** A source that gathers batches from whole tensors, which stay the caller's. */
export function fromTensors(
  model: TrainableModel,
  { tensors, size, made = [] }: FlatBatch,
  { batchSize, shuffle, classWeights }: SourceOptions,
): BatchSource {
  let whole: tf.Tensor[] | undefined;
  return {
    steps: Math.ceil(size / batchSize),
    samples: size,
    dispose: () => tf.dispose([...made, ...(whole?.filter((tensor) => !tensors.includes(tensor)) ?? [])]),
    // eslint-disable-next-line @typescript-eslint/require-await -- the same kind of iterable as of other data
    async *epoch(stepsAtOnce = () => 1) {
      whole ??= completeBatch(model, tensors, classWeights);
      const order = shuffle ? permutation(size, Math.random) : inOrder(size);
      for (let start = 0; start < size;) {
        const rows = order.subarray(start, start + batchSize);
        const batch = { tensors: whole, rows, size: rows.length };
        const end = start + stepsAtOnce(batch) * batchSize;
        if (end <= size) batch.rows = order.subarray(start, end);
        yield batch;
        start += batch.rows.length;
      }
    },
  };
}

/**
 * Sources of what comes before the last part of the samples, and of that part, which is for validation, as in Keras.
 *
 * @param validationSplit the size of the last part, between 0 and 1
 * @param held options of the last part
 */
export function splitSources(
  model: TrainableModel,
  { tensors, size, made = [] }: FlatBatch,
  validationSplit: number,
  options: SourceOptions,
  held: SourceOptions,
): [training: BatchSource, validation: BatchSource] {
  const first = Math.floor(size * (1 - validationSplit));
  if (!(first > 0 && first < size)) {
    const expected = "validationSplit that leaves samples on both sides";
    throw new InputError({ who: options.who, expected, found: `${validationSplit} of ${size} samples` });
  }
  const part = (start: number, count: number, own: SourceOptions): BatchSource => {
    const parts = tensors.map((tensor) => tf.slice(tensor, [start], [count]));
    const source = fromTensors(model, { tensors: parts, size: count }, own);
    return {
      ...source,
      dispose() {
        source.dispose();
        tf.dispose(parts);
      },
    };
  };
  const parts: [BatchSource, BatchSource] = [part(0, first, options), part(first, size - first, held)];
  tf.dispose([...made]);
  return parts;
}

async function* iterate(data: BatchData): AsyncGenerator<Batch, void, undefined> {
  if ("iterator" in data) {
    const iterator = await data.iterator();
    for (let next = await iterator.next(); !next.done; next = await iterator.next())
      yield toBatch(next.value as Batch);
  } else {
    for await (const batch of typeof data === "function" ? await data() : data) yield toBatch(batch);
  }
}

function knownLength(data: object): number | undefined {
  const { length, size } = data as { length?: unknown; size?: unknown };
  const steps = typeof data === "function" ? undefined : (length ?? size);
  return typeof steps === "number" && Number.isFinite(steps) ? steps : undefined;
}

/** Takes over a generator's batch. */
function takeBatch(model: TrainableModel, batch: Batch, options: SourceOptions): FlatBatch {
  try {
    const { tensors, size } = orderBatch(model, batch, options);
    const taken = completeBatch(model, tensors, options.classWeights);
    tf.dispose(tensors.filter((tensor) => !taken.includes(tensor)));
    return { tensors: taken, size };
  } catch (error) {
    tf.dispose({ ...batch } as unknown as tf.Tensor[]);
    throw error;
  }
}

/** The first batches of each epoch of a source. */
export function firstOf(source: BatchSource, steps: number | undefined): BatchSource {
  if (steps === undefined) return source;
  return {
    ...source,
    async *epoch() {
      let left = steps;
      for await (const batch of source.epoch()) {
        yield batch;
        if (--left === 0) return;
      }
    },
  };
}

/** Brings data into the form of the training loop. */
export function batchSource(model: TrainableModel, data: TrainingData, options: SourceOptions): BatchSource {
  if (isTensorData(data)) return fromTensors(model, orderBatch(model, toBatch(data), options), options);
  return {
    steps: knownLength(data),
    dispose: () => undefined,
    async *epoch() {
      for await (const batch of iterate(data)) yield takeBatch(model, batch, options);
    },
  };
}
