import { tf } from "../../tensorflow/tf.ts";

/** What can be told of inputs by their values. */
export interface InputScale {
  least: number;
  most: number;
  /** Whether there are values that are no number, or infinite. */
  broken: boolean;
}

/** Scales of the inputs of models that were trained here. */
const trained = new WeakMap<object, InputScale>();
/** Models of which something was said already. */
const told = new WeakSet();

/** Least and largest of a tensor's values. */
export async function scaleOf(inputs: tf.Tensor): Promise<InputScale> {
  const measured = tf.tidy(() => {
    const values = inputs.toFloat();
    // Something that is no number makes the difference from itself none either.
    return tf.stack([tf.min(values), tf.max(values), tf.sum(tf.sub(values, values))]);
  });
  const [least = 0, most = 0, rest = 0] = await measured.data();
  measured.dispose();
  return { least, most, broken: !Number.isFinite(rest) };
}

const show = (value: number) => String(Number(value.toPrecision(3)));
const range = ({ least, most }: Omit<InputScale, "broken">) => `${show(least)}..${show(most)}`;

/** Keeps the scale of the inputs that a model is trained on, for {@link noteUnscaled}; further batches only widen it. */
export async function rememberScale(model: object, inputs: tf.Tensor): Promise<InputScale> {
  const now = await scaleOf(inputs);
  const before = trained.get(model) ?? now;
  const all = {
    least: Math.min(before.least, now.least),
    most: Math.max(before.most, now.most),
    broken: now.broken,
  };
  trained.set(model, all);
  return all;
}

/** Samples of fewer numbers than this may well be of another scale: a curve that is continued, a single measurement. */
const fewest = 16;

/** Least and largest value of the first sample of a batch, read at once. */
function scaleOfFirst(inputs: tf.Tensor): Omit<InputScale, "broken"> {
  const values = tf.tidy(() => tf.slice(inputs, 0, 1).dataSync());
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return { least, most };
}

/**
 * A note when a model gets inputs of quite another scale than it was trained on, once for each model. It looks at the first
 * sample only, and reads it: ask seldom, and not where reading would make a device wait.
 *
 * @param model the model as {@link rememberScale} got it
 * @param inputs the inputs of a prediction
 * @returns the line to print; undefined where all is well, or where the model was not trained here
 */
export function noteUnscaled(model: object, inputs: tf.Tensor): string | undefined {
  const known = trained.get(model);
  const isFew = inputs.size === 0 || inputs.size / inputs.shape[0] < fewest;
  if (known === undefined || told.has(model) || isFew) return undefined;
  const found = scaleOfFirst(inputs);
  const reach = ({ least, most }: Omit<InputScale, "broken">) => Math.max(Math.abs(least), Math.abs(most));
  const [trainedReach, foundReach] = [reach(known), reach(found)];
  const larger = foundReach > 20 * trainedReach;
  // A dark picture has small values too: only whole pictures scaled once too often are as small as this.
  const smaller = inputs.rank > 3 && foundReach > 0 && foundReach < trainedReach / 100;
  if (!larger && !smaller) return undefined;
  told.add(model);
  const fix =
    larger && trainedReach <= 1.01 && foundReach <= 255
      ? "divide by 255, as for the training"
      : "scale them as for the training";
  const values = larger ? `values up to ${show(foundReach)}` : `values ${range(found)}`;
  return `${values} in a model trained on ${range(known)}; ${fix}`;
}

/**
 * A note when pictures have lost what stands behind the point: whole numbers divided in place by 255 leave 0, and 1 for pure
 * white. In JavaScript `bytes.map((value) => value / 255)` of a Uint8Array does it.
 *
 * @param inputs pictures, `[batch, height, width, channels]`
 * @returns the line to print; undefined where all is well
 */
export async function noteTruncated(inputs: tf.Tensor): Promise<string | undefined> {
  if (inputs.rank < 3 || inputs.size === 0) return undefined;
  const measured = tf.tidy(() => {
    const values = inputs.toFloat();
    const others = tf.logicalAnd(tf.notEqual(values, 0), tf.notEqual(values, 1));
    return tf.stack([tf.sum(others.toFloat()), tf.mean(values)]);
  });
  const [others = 1, ones = 1] = await measured.data();
  measured.dispose();
  // Drawings of black and white have more white than this.
  if (others > 0 || ones > 0.03) return undefined;
  const found =
    ones === 0 ? "all values of these pictures are 0" : "the values of these pictures are 0, and few 1";
  const fix =
    "divide numbers with a point: tensor.toFloat().div(255), or Float32Array.from(bytes, (value) => value / 255)";
  return `${found}, as when whole numbers are divided in place; ${fix}`;
}
