import { InputError } from "../errors.ts";
import { tf } from "../tensorflow/tf.ts";
import { largest } from "./classLabels.ts";
import { toBatch, type Pictures } from "./modelInputs.ts";
import { scaleAdvice } from "./scaleAdvice.ts";

/** What a classifier gives for pictures. */
export interface Scores {
  /** The probability of each class, `count` rows of `classes`. */
  probabilities: Float32Array;
  count: number;
  classes: number;
  /** The class with the highest probability, for each picture. */
  predicted: Int32Array;
  /** Which function made probabilities of the model's numbers, where these were none themselves. */
  applied?: "softmax" | "sigmoid";
  /** See `scaleAdvice`. */
  advice?: string;
}

export interface ScoreOptions {
  /** Of a model with several outputs the one that is asked, by name or index. */
  output?: string | number | undefined;
  /** Pictures that go through the model at once. Default 256. */
  batchSize?: number | undefined;
  who: string;
}

/** How far a sum of probabilities may be from 1: half precision leaves about this much. */
const sumTolerance = 2e-2;

/**
 * Asks a classifier for the probabilities of pictures. One number for each picture is the probability of the second of two classes.
 * Numbers that are no probabilities, since the model ends without softmax or sigmoid, go through one of these.
 *
 * @throws InputError for pictures that do not fit, or an output that is not a row of scores
 */
export function readScores(
  model: tf.LayersModel,
  pictures: Pictures,
  { output, batchSize = 256, who }: ScoreOptions,
): Scores {
  const index = findOutput(model, output, who);
  let advice: string | undefined;
  const tensor = tf.tidy(() => {
    const batch = toBatch(model, pictures, who);
    advice = scaleAdvice(model, batch);
    return [model.predict(batch, { batchSize })].flat()[index]!;
  });
  try {
    if (tensor.rank === 2) return { ...toScores(tensor as tf.Tensor2D), ...(advice && { advice }) };
    const expected = "a model that gives a row of scores for each picture";
    throw new InputError({ who, expected, found: `[${tensor.shape.join(", ")}]` });
  } finally {
    tensor.dispose();
  }
}

/** Reads the probabilities of a tensor `[n, classes]`, see {@link readScores}. */
export function toScores(tensor: tf.Tensor2D): Scores {
  const [count, width] = tensor.shape;
  const applied = missingFunction(tensor);
  const rows = applied === "softmax" ? tensor.softmax() : applied === "sigmoid" ? tensor.sigmoid() : tensor;
  const values = Float32Array.from(rows.dataSync());
  if (rows !== tensor) rows.dispose();
  const isSingle = width === 1;
  const probabilities = isSingle ? values.reduce(twoColumns, new Float32Array(2 * count)) : values;
  const classes = isSingle ? 2 : width;
  const predicted = largest(probabilities, classes);
  return { probabilities, count, classes, predicted, ...(applied && { applied }) };
}

function twoColumns(pairs: Float32Array, probability: number, row: number): Float32Array {
  pairs[2 * row] = 1 - probability;
  pairs[2 * row + 1] = probability;
  return pairs;
}

/** Numbers from 0 to 1 are left as they are, also where they do not sum to 1: sigmoids of classes that do not exclude one another. */
function missingFunction(tensor: tf.Tensor2D): Scores["applied"] {
  const values = tensor.dataSync();
  if (values.every((value) => !(value < 0 || value > 1 + sumTolerance))) return undefined;
  return tensor.shape[1] === 1 ? "sigmoid" : "softmax";
}

function findOutput(model: tf.LayersModel, wanted: string | number | undefined, who: string): number {
  const { outputs = [], outputNames = [], name } = model;
  if (wanted === undefined && outputs.length <= 1) return 0;
  const index = typeof wanted === "string" ? outputNames.indexOf(wanted) : (wanted ?? -1);
  if (Number.isInteger(index) && index >= 0 && index < outputs.length) return index;
  throw new InputError({
    who,
    expected: `output: one of the ${outputs.length} of "${name}"`,
    found: JSON.stringify(wanted) ?? "nothing",
    fix: `outputs: ${outputNames.join(", ")}`,
  });
}
