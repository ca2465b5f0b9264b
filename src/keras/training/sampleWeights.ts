import { InputError } from "../../errors.ts";
import { tf } from "../../tensorflow/tf.ts";

/** How much the samples of each class count, by the number of the class; 1 for classes that are not there. */
export type ClassWeight = Readonly<Record<number, number>>;

/** For a model with several outputs: in their order, or by their names; an output may be left out. */
export type ClassWeights =
  ClassWeight | readonly (ClassWeight | null | undefined)[] | Readonly<Record<string, ClassWeight>>;

/** The class weights of each output, in order. */
export function toClassWeights(
  weights: ClassWeights,
  outputNames: readonly string[],
  who: string,
): (ClassWeight | undefined)[] {
  const isByName = !Array.isArray(weights) && outputNames.some((name) => name in weights);
  const list = Array.isArray(weights)
    ? (weights as (ClassWeight | null | undefined)[])
    : isByName
      ? outputNames.map((name) => (weights as Record<string, ClassWeight>)[name])
      : [weights as ClassWeight];
  if (list.length !== outputNames.length) {
    const fix = `pass { ${outputNames[0]}: { 0: 1, 1: 2 }, … }, or sampleWeight`;
    const expected = `classWeight for each of the outputs ${outputNames.join(", ")}`;
    throw new InputError({ who, expected, found: `${list.length}`, fix });
  }
  const checked = list.map((each) => each ?? undefined);
  if (checked.some((each) => each instanceof Map)) {
    const fix = "pass Object.fromEntries(map)";
    throw new InputError({ who, expected: "classWeight as { 0: 1, 1: 2 }", found: "a Map", fix });
  }
  for (const [key, value] of checked.flatMap((each) => Object.entries(each ?? {}))) {
    const isRight = /^\d+$/.test(key) && typeof value === "number" && Number.isFinite(value);
    if (isRight) continue;
    const expected = "classWeight with a number for each class, as { 0: 1, 1: 2 }";
    throw new InputError({ who, expected, found: `${key}: ${String(value)}` });
  }
  return checked;
}

/**
 * The weight of each sample by its class, as Keras has it. Targets are one-hot, or with a last axis of 1 or none the numbers
 * of classes. The weights have the shape of the targets without the last axis.
 */
export function weightsByClass(target: tf.Tensor, classWeight: ClassWeight = {}): tf.Tensor {
  return tf.tidy(() => {
    const isOneHot = target.rank > 1 && target.shape.at(-1) !== 1;
    const numbers = target.rank > 1 && !isOneHot ? tf.squeeze(target, [-1]) : target;
    const classes = isOneHot ? tf.argMax(target, -1) : toInt(numbers);
    // Behind the classes that are known stands the weight of all others.
    const count = Math.max(-1, ...Object.keys(classWeight).map(Number)) + 1;
    const table = Float32Array.from({ length: count + 1 }, (_, index) => classWeight[index] ?? 1);
    const known = tf.logicalAnd(tf.greaterEqual(classes, 0), tf.less(classes, count));
    const places = tf.where(known, classes, tf.fill(classes.shape, count, "int32"));
    return tf.gather(tf.tensor1d(table), places);
  });
}

/** Losses of samples times their weights: a weight for each sample, or for each place of a sample. */
export function weigh(losses: tf.Tensor, weights: tf.Tensor): tf.Tensor {
  const axes = Math.max(losses.rank, 1);
  // One axis too many is one of length 1, as Keras takes it.
  const given = weights.rank > axes ? weights.shape.slice(0, axes) : weights.shape;
  const shape = [...given, ...Array.from({ length: axes - given.length }, () => 1)];
  return tf.mul(losses, tf.cast(tf.reshape(weights, shape), "float32"));
}

function toInt(numbers: tf.Tensor): tf.Tensor {
  return tf.cast(numbers.dtype === "float32" ? tf.round(numbers) : numbers, "int32");
}
