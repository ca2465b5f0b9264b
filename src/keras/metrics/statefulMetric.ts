import { tf } from "../../tensorflow/tf.ts";
import type { Described } from "../files/config.ts";

/**
 * A metric that is no mean over batches: it counts batches in, and tells its value for all of them. Whoever trains resets it
 * before each pass through the data.
 */
export interface StatefulMetric {
  /** Counts a batch in, and gives the value so far. */
  (yTrue: tf.Tensor, yPred: tf.Tensor): tf.Scalar;
  /** Keras' class of this metric, with its settings. */
  readonly keras: Described;
  /** The value so far; 0 before the first batch. */
  result(): tf.Scalar;
  /** Forgets all batches, and frees what was counted. */
  resetState(): void;
}

export function isStateful(metric: unknown): metric is StatefulMetric {
  return typeof metric === "function" && "resetState" in metric;
}

/** What a stateful metric is made of. */
interface Parts {
  className: string;
  /** Keras' name, under which it is reported. */
  name: string;
  /** Settings in Keras' spelling. */
  config?: Record<string, unknown>;
  /** What one batch adds to the counts, of operations that can be recorded. */
  count: (yTrue: tf.Tensor, yPred: tf.Tensor) => tf.Tensor;
  /** The value for some counts. */
  result: (counts: tf.Tensor) => tf.Tensor;
}

export function newStatefulMetric({ className, name, config = {}, count, result }: Parts): StatefulMetric {
  let counts: tf.Variable | undefined;
  const metric = (yTrue: tf.Tensor, yPred: tf.Tensor) =>
    tf.tidy(() => {
      const added = count(yTrue.toFloat(), yPred);
      if (counts === undefined) counts = tf.variable(added, false);
      else counts.assign(tf.add(counts, added));
      return result(counts) as tf.Scalar;
    });
  Object.defineProperty(metric, "name", { value: name });
  return Object.assign(metric, {
    keras: { class_name: className, config: { name, ...config } },
    result: () => tf.tidy(() => (counts === undefined ? tf.scalar(0) : (result(counts) as tf.Scalar))),
    resetState() {
      counts?.dispose();
      counts = undefined;
    },
  });
}
