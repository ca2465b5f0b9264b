import { tf } from "../../tensorflow/tf.ts";
import { epsilon, newLoss, type Loss } from "./loss.ts";

/** Targets of -1 and 1; those of 0 and 1 are changed into them, as Keras does. */
function signs(yTrue: tf.Tensor): tf.Tensor {
  const binary = tf.all(tf.logicalOr(tf.equal(yTrue, 0), tf.equal(yTrue, 1)));
  return tf.where(binary, tf.sub(tf.mul(yTrue, 2), 1), yTrue);
}

const lacking = (yTrue: tf.Tensor, yPred: tf.Tensor) => tf.relu(tf.sub(1, tf.mul(signs(yTrue), yPred)));

/** `max(1 - y·p, 0)`, for targets of -1 and 1. */
export function hinge(): Loss {
  return newLoss("Hinge", "hinge", {}, (yTrue, yPred) => tf.mean(lacking(yTrue, yPred), -1));
}

/** The squares of {@link hinge}. */
export function squaredHinge(): Loss {
  return newLoss("SquaredHinge", "squared_hinge", {}, (yTrue, yPred) =>
    tf.mean(tf.square(lacking(yTrue, yPred)), -1),
  );
}

/** How much the best wrong class lacks to be 1 below the right one. */
export function categoricalHinge(): Loss {
  return newLoss("CategoricalHinge", "categorical_hinge", {}, (yTrue, yPred) => {
    const right = tf.sum(tf.mul(yTrue, yPred), -1);
    const wrong = tf.max(tf.mul(tf.sub(1, yTrue), yPred), -1);
    return tf.relu(tf.add(tf.sub(wrong, right), 1));
  });
}

/** For masks: one minus twice what both share, as a part of both; one number for the batch. */
export function dice(): Loss {
  return newLoss("Dice", "dice", {}, (yTrue, yPred) => {
    const shared = tf.mul(tf.sum(tf.mul(yTrue, yPred)), 2);
    return tf.sub(1, tf.div(shared, tf.add(tf.add(tf.sum(yTrue), tf.sum(yPred)), epsilon)));
  });
}

/** {@link dice} with weights of its own for what is missed (`alpha`) and what is too much (`beta`); both 0.5 by default. */
export function tversky({ alpha = 0.5, beta = 0.5 }: { alpha?: number; beta?: number } = {}): Loss {
  return newLoss("Tversky", "tversky", { alpha, beta }, (yTrue, yPred) => {
    const shared = tf.sum(tf.mul(yTrue, yPred));
    const missed = tf.mul(tf.sum(tf.mul(yTrue, tf.sub(1, yPred))), alpha);
    const excess = tf.mul(tf.sum(tf.mul(tf.sub(1, yTrue), yPred)), beta);
    return tf.sub(1, tf.div(shared, tf.addN([shared, missed, excess, tf.scalar(epsilon)])));
  });
}
