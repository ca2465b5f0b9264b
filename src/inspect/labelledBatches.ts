import { InputError } from "../errors.ts";
import type { tf } from "../tensorflow/tf.ts";
import { classesOfTargets } from "./ablation.ts";
import type { ModelGraph } from "./modelGraph.ts";
import { isTensor } from "./pictureValues.ts";

/** Pictures (for several inputs, tensors for each) and their classes: numbers, or one-hot as for training. */
export interface LabelledPictures {
  x: tf.Tensor | readonly tf.Tensor[];
  y: tf.Tensor;
}

/** What a model is judged on: tensors, which stay as they are, or batches `{ xs, ys }` as `fit` takes them, which are disposed. */
export type LabelledData =
  LabelledPictures | readonly [tf.Tensor, tf.Tensor] | Iterable<TrainingBatch> | AsyncIterable<TrainingBatch>;

/** A batch as `fit` takes it. */
export interface TrainingBatch {
  xs: tf.Tensor | tf.Tensor[];
  ys: tf.Tensor;
}

/** One batch as it is judged; what was made for it is disposed with it. */
export interface LabelledBatch {
  inputs: tf.Tensor[];
  classes: ReturnType<typeof classesOfTargets>;
  /** How many pictures there are in all, where that is known. */
  total?: number;
  dispose(): void;
}

/**
 * The data in batches of at most so many pictures; whoever takes a batch disposes it.
 *
 * @throws InputError for pictures that do not fit the model, or that have no class each
 */
export async function* labelledBatches(
  graph: ModelGraph,
  data: LabelledData,
  size: number,
  who: string,
): AsyncGenerator<LabelledBatch> {
  const given: unknown = data;
  const isObject = typeof given === "object" && given !== null;
  if (!isObject || !("x" in given || Symbol.iterator in given || Symbol.asyncIterator in given)) {
    const found = isObject ? `{ ${Object.keys(given).join(", ")} }` : given === null ? "null" : typeof given;
    throw new InputError({ who, expected: "data { x, y }, [x, y] or batches { xs, ys }", found });
  }
  const pair =
    Array.isArray(data) && data.length === 2 && data.every(isTensor) ? { x: data[0]!, y: data[1]! } : data;
  if ("x" in pair) {
    if (!isTensor(pair.y)) {
      const fix = 'give tf.tensor1d(labels, "int32")';
      throw new InputError({ who, expected: "y: a tensor of classes", found: typeof pair.y, fix });
    }
    const inputs = isTensor(pair.x) ? [pair.x] : [...pair.x];
    const total = inputs[0]?.shape[0] ?? 0;
    checkFit(graph, inputs, pair.y, who);
    for (let start = 0; start < total; start += size) {
      const count = Math.min(size, total - start);
      const parts = inputs.map((tensor) => tensor.slice(start, count));
      const target = pair.y.slice(start, count);
      yield { ...toBatch(graph, parts, target, who), total };
    }
    return;
  }
  for await (const { xs, ys } of pair as AsyncIterable<TrainingBatch>)
    yield toBatch(graph, [xs].flat(), ys, who);
}

function toBatch(
  graph: ModelGraph,
  given: tf.Tensor[],
  ys: tf.Tensor,
  who: string,
): Omit<LabelledBatch, "total"> {
  try {
    checkFit(graph, given, ys, who);
    // Pictures as bytes are whole numbers, which a convolution does not take.
    const inputs = given.map((tensor, i) => tensor.cast(graph.model.inputs[i]!.dtype));
    const classes = classesOfTargets(ys);
    return {
      inputs,
      classes,
      dispose() {
        for (const tensor of [...inputs, classes]) tensor.dispose();
      },
    };
  } finally {
    for (const tensor of [...given, ys]) tensor.dispose();
  }
}

function checkFit(graph: ModelGraph, inputs: readonly tf.Tensor[], ys: tf.Tensor, who: string): void {
  const wanted = graph.inputs.map((slot) => graph.sites.find((site) => site.slot === slot)!.shape.slice(1));
  const count = inputs[0]?.shape[0];
  const fits = (shape: (number | null)[], tensor: tf.Tensor | undefined): boolean =>
    tensor !== undefined &&
    tensor.shape[0] === count &&
    tensor.rank === shape.length + 1 &&
    shape.every((size, axis) => size === null || size === tensor.shape[axis + 1]);
  if (
    inputs.length === wanted.length &&
    wanted.every((shape, i) => fits(shape, inputs[i])) &&
    ys.shape[0] === count
  )
    return;
  const show = (shape: readonly (number | null)[]): string =>
    `[${shape.map((size) => size ?? "any").join(", ")}]`;
  throw new InputError({
    who,
    expected: `pictures ${wanted.map((shape) => show([null, ...shape])).join(", ")} and a class for each`,
    found: `pictures ${inputs.map(({ shape }) => show(shape)).join(", ")} and classes ${show(ys.shape)}`,
  });
}
