import { tf } from "../tensorflow/tf.ts";

/** Layers that bring numbers to a scale of their own. */
const scaling = ["Rescaling", "Normalization", "BatchNormalization"];
/** Pictures from 0 to 1, or with the mean taken off, do not go beyond. */
const largestScaled = 2;

/**
 * What to say where pictures look as if they had not been scaled: numbers from 0 to far above 1, for a model that does not scale them
 * itself. It is advice, since a model may have been trained on such pictures.
 */
export function scaleAdvice(model: tf.LayersModel, batch: readonly tf.Tensor[]): string | undefined {
  const [pictures] = batch;
  const first = model.layers.findIndex((layer) => layer.weights.length > 0);
  const before = model.layers.slice(0, first + 1);
  if (pictures?.rank !== 4 || before.some((layer) => scaling.includes(layer.getClassName())))
    return undefined;
  const [low, high] = tf.tidy(() => [pictures.min().dataSync()[0]!, pictures.max().dataSync()[0]!]);
  if (!(low >= 0 && high > largestScaled && high < Infinity)) return undefined;
  return `the pictures' numbers go up to ${Math.round(high)}: if the model was trained on 0 to 1, give images.div(255)`;
}
