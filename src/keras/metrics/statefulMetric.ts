import { tf } from "../../tensorflow/tf.ts";
import type { Described } from "../files/config.ts";

/**
 * A metric that is no mean over batches: it counts batches in, and tells its value for all of them. Whoever trains resets it
 * before each pass through the data.
 */
export interface StatefulMetric {
  /** Counts a batch in, and gives the value so far. */
  (yTrue: tf.Tensor, yPred: tf.Tensor, weights?: tf.Tensor): tf.Scalar;
  /** Keras' class of this metric, with its settings. */
  readonly keras: Described;
  /**
   * Makes room for the counts, for predictions whose last dimension is this. A first batch does so by itself; whoever records
   * batches needs it before.
   */
  build(classes: number): void;
  /** The value so far; 0 before the first batch. */
  result(): tf.Scalar;
  /** Forgets all batches. */
  resetState(): void;
  /** Frees what was counted. */
  dispose(): void;
}

export function isStateful(metric: unknown): metric is StatefulMetric {
  return typeof metric === "function" && "resetState" in metric;
}

/**
 * The stateful metrics of a compiled model, ready for a training, by their place among its reported names, of which the loss
 * is the first. In a pass through the data what counts is their last value, and they are to be reset before it.
 */
export function statefulMetricsOf(model: tf.LayersModel): Map<number, StatefulMetric> {
  const { model: functional = model } = model as { model?: tf.LayersModel };
  const { metricsTensors } = functional as unknown as { metricsTensors: [metric: unknown, output: number][] };
  const found = new Map<number, StatefulMetric>();
  for (const [index, [metric, output]] of metricsTensors.entries()) {
    if (!isStateful(metric)) continue;
    metric.build(functional.outputs[output]!.shape.at(-1)!);
    found.set(index + 1, metric);
  }
  return found;
}

/** What a stateful metric is made of. */
interface Parts {
  className: string;
  /** Keras' name, under which it is reported. */
  name: string;
  /** Settings in Keras' spelling. */
  config?: Record<string, unknown>;
  /** The shape of the counts, for predictions whose last dimension is `classes`. */
  shape: (classes: number) => number[];
  /** What one batch adds to the counts, of operations that can be recorded. */
  count: (yTrue: tf.Tensor, yPred: tf.Tensor, weights?: tf.Tensor) => tf.Tensor;
  /** The value for some counts. */
  result: (counts: tf.Tensor) => tf.Tensor;
}

export function newStatefulMetric({
  className,
  name,
  config = {},
  shape,
  count,
  result,
}: Parts): StatefulMetric {
  let counts: tf.Variable | undefined;
  const build = (classes: number) => {
    counts ??= tf.tidy(() => tf.variable(tf.zeros(shape(classes)), false));
    return counts;
  };
  const metric = (yTrue: tf.Tensor, yPred: tf.Tensor, weights?: tf.Tensor) =>
    tf.tidy(() => {
      const added = count(yTrue.toFloat(), yPred, weights);
      const state = build(yPred.shape.at(-1) ?? 1);
      state.assign(tf.add(state, added));
      return result(state) as tf.Scalar;
    });
  Object.defineProperty(metric, "name", { value: name });
  return Object.assign(metric, {
    keras: { class_name: className, config: { name, ...config } },
    build: (classes: number) => void build(classes),
    result: () => tf.tidy(() => (counts === undefined ? tf.scalar(0) : (result(counts) as tf.Scalar))),
    // The variable stays the same, because a compiled step may hold on to it.
    resetState: () => tf.tidy(() => counts?.assign(tf.zerosLike(counts))),
    dispose() {
      counts?.dispose();
      counts = undefined;
    },
  });
}
