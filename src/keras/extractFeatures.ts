import { setImmediate } from "node:timers/promises";
import { InputError } from "../errors.ts";
import { currentHost } from "../jupyter/host.ts";
import { tf } from "../tensorflow/tf.ts";
import { countLine } from "../jupyter/countLine.ts";

/** One batch of pictures, with targets or without. */
interface PicturesAndTargets {
  xs: tf.Tensor;
  ys?: tf.Tensor;
}

/** What a network makes of pictures, and their targets: what `fit` takes. */
export interface Features {
  x: tf.Tensor;
  /** Only where the data have targets. */
  y?: tf.Tensor;
}

/** Options of {@link extractFeatures}. */
export interface ExtractOptions {
  /** Pictures that go through the network at once, when they come as one tensor. Default 32. */
  batchSize?: number;
  /** Batches to take. Default: one pass through the data. */
  steps?: number;
  /** Stops after the batch that is running. Default: the notebook's stop button. */
  signal?: AbortSignal;
}

function* slices({ x, y }: { x: tf.Tensor; y?: tf.Tensor }, size: number): Generator<PicturesAndTargets> {
  const { shape } = x;
  for (let start = 0; start < shape[0]; start += size) {
    const count = Math.min(size, shape[0] - start);
    yield { xs: x.slice(start, count), ...(y && { ys: y.slice(start, count) }) };
  }
}

/**
 * Runs a network once over all pictures and keeps what it makes of them, for a classifier that is then trained on that alone: the fast
 * way of transfer learning, where the network itself stays as it is. Pictures are not varied from epoch to epoch then.
 *
 * ```ts
 * const base = await applications.mobileNet({ alpha: 0.25, includeTop: false, pooling: "avg", inputShape: [224, 224, 3] });
 * const train = await extractFeatures(base, generator.flowFromDirectory(photos.train, { targetSize: [224, 224] }));
 * const head = tf.sequential({ layers: [tf.layers.dense({ inputShape: [256], units: 2, activation: "softmax" })] });
 * head.compile({ optimizer: tf.train.momentum(1e-4, 0.9), loss: "categoricalCrossentropy", metrics: ["accuracy"] });
 * await fit(head, train, { epochs: 20 });
 * ```
 *
 * @param base a model of one input and one output
 * @param data `{ x, y }`, which stay as they are, or batches `{ xs, ys }`, which are disposed
 * @param options see {@link ExtractOptions}; all have defaults
 * @returns the outputs of all pictures, and the targets in the same order; the caller disposes them
 * @throws InputError when the base has several outputs, or when there is no picture
 */
export async function extractFeatures(
  base: tf.LayersModel,
  data: { x: tf.Tensor; y?: tf.Tensor } | AsyncIterable<PicturesAndTargets> | Iterable<PicturesAndTargets>,
  { batchSize = 32, steps = Infinity, signal = currentHost().signal }: ExtractOptions = {},
): Promise<Features> {
  const who = "extractFeatures";
  if (base.inputs.length !== 1 || base.outputs.length !== 1) {
    const found = `${base.inputs.length} and ${base.outputs.length}`;
    throw new InputError({ who, expected: "a model of one input and one output", found });
  }
  const batches = "x" in data ? slices(data, batchSize) : data;
  const outputs: tf.Tensor[] = [];
  const targets: tf.Tensor[] = [];
  let pictures = 0;
  const line = countLine(`Features by ${base.name}`);
  try {
    for await (const { xs, ys } of batches) {
      const [count] = xs.shape;
      outputs.push(base.predict(xs, { batchSize: count }) as tf.Tensor);
      xs.dispose();
      if (ys) targets.push(ys);
      line.update((pictures += count));
      if (outputs.length >= steps) break;
      await setImmediate();
      signal?.throwIfAborted();
    }
    if (outputs.length === 0) throw new InputError({ who, expected: "pictures", found: "none" });
    return { x: tf.concat(outputs), ...(targets.length > 0 && { y: tf.concat(targets) }) };
  } finally {
    line.leave();
    tf.dispose([outputs, targets]);
  }
}
