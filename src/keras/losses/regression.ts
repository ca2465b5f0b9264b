import { tf } from "../../tensorflow/tf.ts";
import { epsilon, newLoss, type Loss } from "./loss.ts";

/** The mean of the squared differences. */
export function meanSquaredError(): Loss {
  return newLoss("MeanSquaredError", "mean_squared_error", {}, (yTrue, yPred) =>
    tf.mean(tf.square(tf.sub(yPred, yTrue)), -1),
  );
}

/** The mean of the absolute differences. */
export function meanAbsoluteError(): Loss {
  return newLoss("MeanAbsoluteError", "mean_absolute_error", {}, (yTrue, yPred) =>
    tf.mean(tf.abs(tf.sub(yPred, yTrue)), -1),
  );
}

/** The mean of the absolute differences, in percent of the targets. */
export function meanAbsolutePercentageError(): Loss {
  const name = "mean_absolute_percentage_error";
  return newLoss("MeanAbsolutePercentageError", name, {}, (yTrue, yPred) => {
    const part = tf.abs(tf.div(tf.sub(yTrue, yPred), tf.maximum(tf.abs(yTrue), epsilon)));
    return tf.mul(tf.mean(part, -1), 100);
  });
}

/** The mean of the squared differences of `log(1 + y)`. */
export function meanSquaredLogarithmicError(): Loss {
  const name = "mean_squared_logarithmic_error";
  return newLoss("MeanSquaredLogarithmicError", name, {}, (yTrue, yPred) => {
    const log = (values: tf.Tensor) => tf.log(tf.add(tf.maximum(values, epsilon), 1));
    return tf.mean(tf.square(tf.sub(log(yPred), log(yTrue))), -1);
  });
}

/** Minus the cosine of the angle between target and prediction. */
export function cosineSimilarity(): Loss {
  return newLoss("CosineSimilarity", "cosine_similarity", {}, (yTrue, yPred) => {
    const unit = (values: tf.Tensor) => {
      const length = tf.sqrt(tf.maximum(tf.sum(tf.square(values), -1, true), epsilon ** 2));
      return tf.div(values, length);
    };
    return tf.neg(tf.sum(tf.mul(unit(yTrue), unit(yPred)), -1));
  });
}

/** Half the squared difference up to `delta`, and a straight line from there (Huber 1964). Default of `delta`: 1. */
export function huber({ delta = 1 }: { delta?: number } = {}): Loss {
  return newLoss("Huber", "huber_loss", { delta }, (yTrue, yPred) => {
    const size = tf.abs(tf.sub(yPred, yTrue));
    const bent = tf.minimum(size, delta);
    return tf.mean(tf.mul(bent, tf.sub(size, tf.mul(bent, 0.5))), -1);
  });
}

/** The mean of `log(cosh(difference))`. */
export function logCosh(): Loss {
  return newLoss("LogCosh", "log_cosh", {}, (yTrue, yPred) => {
    const difference = tf.sub(yPred, yTrue);
    return tf.mean(tf.sub(tf.add(difference, tf.softplus(tf.mul(difference, -2))), Math.LN2), -1);
  });
}

/** How far a distribution is from another: `Σ y·log(y / p)`. */
export function klDivergence(): Loss {
  return newLoss("KLDivergence", "kl_divergence", {}, (yTrue, yPred) => {
    const [target, found] = [tf.clipByValue(yTrue, epsilon, 1), tf.clipByValue(yPred, epsilon, 1)];
    return tf.sum(tf.mul(target, tf.log(tf.div(target, found))), -1);
  });
}

/** For counts: `p - y·log p`. */
export function poisson(): Loss {
  return newLoss("Poisson", "poisson", {}, (yTrue, yPred) =>
    tf.mean(tf.sub(yPred, tf.mul(yTrue, tf.log(tf.add(yPred, epsilon)))), -1),
  );
}
