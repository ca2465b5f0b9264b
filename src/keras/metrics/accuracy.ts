import { tf } from "../../tensorflow/tf.ts";
import { newLoss, type Loss } from "../losses/loss.ts";

const equal = (a: tf.Tensor, b: tf.Tensor) => tf.equal(a, b).toFloat();

function sparseLabels(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
  return yTrue.rank === yPred.rank ? tf.squeeze(yTrue, [-1]) : yTrue;
}

/** Whether the score of the right class is among the `k` largest; equal scores count as Keras counts them. */
function inTopK(labels: tf.Tensor, yPred: tf.Tensor, k: number): tf.Tensor {
  const mask = tf.oneHot(labels.toInt(), yPred.shape.at(-1)!, 1, 0, "float32");
  const score = tf.sum(tf.mul(mask, yPred), -1, true);
  return tf.less(tf.sum(tf.greater(yPred, score).toFloat(), -1), k).toFloat();
}

/** Which answers beyond `threshold` (0.5) are the right ones. */
export function binaryAccuracy({ threshold = 0.5 }: { threshold?: number } = {}): Loss {
  return newLoss("BinaryAccuracy", "binary_accuracy", { threshold }, (yTrue, yPred) =>
    equal(yTrue, tf.greater(yPred, threshold).toFloat()),
  );
}

/** Which largest scores are those of the right class, for one-hot targets. */
export function categoricalAccuracy(): Loss {
  return newLoss("CategoricalAccuracy", "categorical_accuracy", {}, (yTrue, yPred) =>
    equal(tf.argMax(yTrue, -1), tf.argMax(yPred, -1)),
  );
}

/** Which largest scores are those of the right class, for targets that are the numbers of classes. */
export function sparseCategoricalAccuracy(): Loss {
  return newLoss("SparseCategoricalAccuracy", "sparse_categorical_accuracy", {}, (yTrue, yPred) =>
    equal(sparseLabels(yTrue, yPred), tf.argMax(yPred, -1).toFloat()),
  );
}

/** Which right classes are among the `k` (5) largest scores, for one-hot targets. */
export function topKCategoricalAccuracy({ k = 5 }: { k?: number } = {}): Loss {
  return newLoss("TopKCategoricalAccuracy", "top_k_categorical_accuracy", { k }, (yTrue, yPred) =>
    inTopK(tf.argMax(yTrue, -1), yPred, k),
  );
}

/** Which right classes are among the `k` (5) largest scores, for targets that are the numbers of classes. */
export function sparseTopKCategoricalAccuracy({ k = 5 }: { k?: number } = {}): Loss {
  const name = "sparse_top_k_categorical_accuracy";
  return newLoss("SparseTopKCategoricalAccuracy", name, { k }, (yTrue, yPred) =>
    inTopK(sparseLabels(yTrue, yPred), yPred, k),
  );
}

/**
 * The accuracy that fits targets and predictions, as Keras chooses it for `"accuracy"`: binary for one output, by class
 * numbers where targets have no dimension of classes, else by one-hot targets.
 */
export function accuracy(): Loss {
  const [binary, sparse, oneHot] = [binaryAccuracy(), sparseCategoricalAccuracy(), categoricalAccuracy()];
  return newLoss("Accuracy", "accuracy", {}, (yTrue, yPred) => {
    if (yPred.shape.at(-1) === 1) return binary(yTrue, yPred);
    const isSparse = yTrue.rank < yPred.rank || yTrue.shape.at(-1) === 1;
    return (isSparse ? sparse : oneHot)(yTrue, yPred);
  });
}
