import { tf } from "../../tensorflow/tf.ts";
import { InputError } from "../../errors.ts";
import { lossName, type TrainableModel } from "./trainableModel.ts";
import { permutation } from "./permutation.ts";

/** One tensor, one for each input or output in order, or one for each by its name. */
export type Tensors = tf.Tensor | tf.Tensor[] | Record<string, tf.Tensor>;

/** What a generator gives: inputs and targets. `fit` disposes them. */
export interface Batch {
  xs: Tensors;
  ys?: Tensors;
}

type Iterables = AsyncIterable<Batch> | Iterable<Batch>;

/** All data at once. `fit` does not dispose them. */
export type TensorData =
  { x: Tensors; y: Tensors } | { xs: Tensors; ys: Tensors } | readonly [Tensors, Tensors];

/** What can be trained on: tensors, or batches from an iterable (one epoch each time), a function that makes one, or a `tf.data` dataset. */
export type TrainingData =
  | TensorData
  | Iterables
  | (() => Iterables | Promise<Iterables>)
  | { iterator(): Promise<{ next(): Promise<IteratorResult<unknown>> }> };

/** A batch as the train function wants it: inputs in order, then targets in order. */
export interface FlatBatch {
  /** The batch, or with `rows` the whole data, which belong to the source. */
  tensors: tf.Tensor[];
  /** The samples of the batch. */
  rows?: Int32Array;
  size: number;
}

/** Frees what is a batch's own. */
export function disposeBatch({ tensors, rows }: FlatBatch): void {
  if (rows === undefined) tf.dispose(tensors);
}

/** Data in the one form that the training loop knows. */
export interface BatchSource {
  /** Batches in an epoch, where that is known. */
  steps: number | undefined;
  /** One epoch; each batch belongs to whoever takes it. */
  epoch(): AsyncGenerator<FlatBatch, void, undefined>;
  /** Frees what the source itself has made. */
  dispose(): void;
}

interface SourceOptions {
  batchSize: number;
  shuffle: boolean;
  who: string;
}

function flatten(values: Tensors | undefined, names: string[], what: string, who: string): tf.Tensor[] {
  if (values === undefined) {
    throw new InputError({ who, expected: `batches { xs, ys }`, found: `a batch without ${what}` });
  }
  const list =
    values instanceof tf.Tensor
      ? [values]
      : Array.isArray(values)
        ? values
        : names.map((name) => values[name]);
  if (list.length !== names.length || !list.every((tensor) => tensor instanceof tf.Tensor)) {
    const found = Array.isArray(values) ? `${values.length}` : `keys ${Object.keys(values).join(", ")}`;
    throw new InputError({ who, expected: `${names.length} tensors ${what} (${names.join(", ")})`, found });
  }
  return list;
}

const show = (shape: (number | null)[]) => `[${shape.map((length) => length ?? "batch").join(", ")}]`;

function checkShape(
  shape: number[],
  expected: (number | null)[],
  what: string,
  who: string,
  fix: string,
): void {
  const same =
    shape.length === expected.length &&
    expected.every((length, axis) => length === null || length === shape[axis]);
  if (!same)
    throw new InputError({ who, expected: `${what} of shape ${show(expected)}`, found: show(shape), fix });
}

/** The shape that a loss wants of its targets; unknown for a loss that is a function. */
function targetShape(model: TrainableModel, output: number): (number | null)[] | undefined {
  const name = lossName(model, output);
  if (name === undefined) return undefined;
  const { shape } = model.outputs[output]!;
  return name === "sparseCategoricalCrossentropy" ? [...shape.slice(0, -1), 1] : shape;
}

/** The shape that targets need: the loss's, or with a loss that is a function the output's. */
const wantedShape = (model: TrainableModel, output: number) =>
  targetShape(model, output) ?? model.outputs[output]!.shape;

function lacksLastAxis(model: TrainableModel, target: tf.Tensor, output: number): boolean {
  const wanted = wantedShape(model, output);
  return wanted.at(-1) === 1 && target.rank === wanted.length - 1;
}

/** Puts a batch in order, inputs then targets, and checks it against the model. */
function order(model: TrainableModel, { xs, ys }: Batch, who: string): FlatBatch {
  const inputs = flatten(xs, model.inputNames, "xs", who);
  const targets = flatten(ys, model.outputNames, "ys", who);
  inputs.forEach((input, index) => {
    const name = model.inputNames.length > 1 ? `xs ${model.inputNames[index]}` : "xs";
    checkShape(
      input.shape,
      model.inputs[index]!.shape,
      name,
      who,
      "look at targetSize, colorMode or inputShape",
    );
  });
  targets.forEach((target, index) => {
    const name = model.outputNames.length > 1 ? `ys ${model.outputNames[index]}` : "ys";
    const wanted = targetShape(model, index);
    if (wanted === undefined || lacksLastAxis(model, target, index)) return;
    checkShape(target.shape, wanted, name, who, "look at classMode, the last layer and the loss");
  });
  const tensors = [...inputs, ...targets];
  const size = inputs[0]!.shape[0];
  const odd = tensors.find(({ shape }) => shape[0] !== size);
  if (odd) throw new InputError({ who, expected: "as many ys as xs", found: `${size} and ${odd.shape[0]}` });
  return { tensors, size };
}

/**
 * Gives targets that lack their last axis one, as Keras does: `[16]` against an output of `[16, 1]` would broadcast to
 * `[16, 16]` unnoticed. The other tensors stay the same objects.
 */
function addLastAxes(model: TrainableModel, tensors: tf.Tensor[]): tf.Tensor[] {
  return tensors.map((tensor, index) => {
    const output = index - model.inputs.length;
    return output >= 0 && lacksLastAxis(model, tensor, output) ? tf.expandDims(tensor, -1) : tensor;
  });
}

/** Whether data are whole tensors. */
export function isTensorData(data: TrainingData): data is TensorData {
  return (Array.isArray(data) && data.length === 2) || "x" in data || "xs" in data;
}

/** Inputs and targets of tensor data, in order. They stay the caller's. */
export function orderTensors(model: TrainableModel, data: TensorData, who: string): FlatBatch {
  const [xs, ys] = "x" in data ? [data.x, data.y] : "xs" in data ? [data.xs, data.ys] : data;
  return order(model, { xs, ys }, who);
}

/** A source that gathers batches from whole tensors. */
export function fromTensors(
  model: TrainableModel,
  { tensors, size }: FlatBatch,
  { batchSize, shuffle }: SourceOptions,
): BatchSource {
  let whole: tf.Tensor[] | undefined;
  return {
    steps: Math.ceil(size / batchSize),
    dispose: () => tf.dispose(whole?.filter((tensor) => !tensors.includes(tensor)) ?? []),
    // eslint-disable-next-line @typescript-eslint/require-await -- the same kind of iterable as of other data
    async *epoch() {
      whole ??= addLastAxes(model, tensors);
      const order = shuffle ? permutation(size, Math.random) : Int32Array.from({ length: size }, (_, i) => i);
      for (let start = 0; start < size; start += batchSize) {
        const rows = order.subarray(start, start + batchSize);
        yield { tensors: whole, rows, size: rows.length };
      }
    },
  };
}

async function* iterate(data: Exclude<TrainingData, TensorData>): AsyncGenerator<Batch, void, undefined> {
  if ("iterator" in data) {
    const iterator = await data.iterator();
    for (let next = await iterator.next(); !next.done; next = await iterator.next())
      yield next.value as Batch;
  } else {
    yield* typeof data === "function" ? await data() : data;
  }
}

function knownLength(data: object): number | undefined {
  const { length, size } = data as { length?: unknown; size?: unknown };
  const steps = typeof data === "function" ? undefined : (length ?? size);
  return typeof steps === "number" && Number.isFinite(steps) ? steps : undefined;
}

/** Takes over a generator's batch. */
function takeBatch(model: TrainableModel, batch: Batch, who: string): FlatBatch {
  try {
    const { tensors, size } = order(model, batch, who);
    const taken = addLastAxes(model, tensors);
    tf.dispose(tensors.filter((tensor) => !taken.includes(tensor)));
    return { tensors: taken, size };
  } catch (error) {
    tf.dispose({ ...batch });
    throw error;
  }
}

/** Brings data into the form of the training loop. */
export function batchSource(model: TrainableModel, data: TrainingData, options: SourceOptions): BatchSource {
  if (isTensorData(data)) return fromTensors(model, orderTensors(model, data, options.who), options);
  return {
    steps: knownLength(data),
    dispose: () => undefined,
    async *epoch() {
      for await (const batch of iterate(data)) yield takeBatch(model, batch, options.who);
    },
  };
}
