import { InputError } from "../../errors.ts";
import { tf } from "../../tensorflow/tf.ts";

/** How an optimizer averages the weights that it trains; the names are Keras' in camelCase. */
export interface AverageOptions {
  /**
   * Whether a running mean of each weight is kept (Polyak 1992), which `fit` leaves in the model when it ends. Until then the model
   * has the weights themselves. Default false.
   */
  useEma?: boolean;
  /** How much of the mean goes on with each step, from 0 to 1. Default 0.99. */
  emaMomentum?: number;
  /** After how many steps, again and again, the weights become their means. Default: only when `fit` ends. */
  emaOverwriteFrequency?: number;
}

/** What is averaged: a weight and its mean, which is changed. */
export interface Averaged {
  variable: tf.Variable;
  average: tf.Variable;
}

/** Refuses a momentum or a frequency that cannot be. */
export function checkAverages(
  who: string,
  { useEma = false, emaMomentum = 0.99, emaOverwriteFrequency }: AverageOptions,
): void {
  if (!useEma) return;
  if (!(emaMomentum >= 0 && emaMomentum <= 1))
    throw new InputError({ who, expected: "emaMomentum from 0 to 1", found: String(emaMomentum) });
  if (emaOverwriteFrequency === undefined) return;
  if (!(Number.isInteger(emaOverwriteFrequency) && emaOverwriteFrequency >= 1)) {
    const expected = "emaOverwriteFrequency of at least 1 step";
    throw new InputError({ who, expected, found: String(emaOverwriteFrequency) });
  }
}

/** The numbers of a step, which is counted from 1: how much of the means goes on, and whether weights become them (1) or not (0). */
export function averageNumbers(
  { emaMomentum = 0.99, emaOverwriteFrequency }: AverageOptions,
  step: number,
): Record<string, number> {
  return {
    // The first mean is the weight.
    averageKept: step === 1 ? 0 : emaMomentum,
    ...(emaOverwriteFrequency !== undefined && { overwrite: step % emaOverwriteFrequency === 0 ? 1 : 0 }),
  };
}

/** Counts the weights into their means, after a step, and makes them their means where it is time. To be called in a tidy. */
export function average(
  averaged: readonly Averaged[],
  { averageKept, overwrite }: Readonly<Record<string, tf.Scalar>>,
): void {
  for (const { variable, average } of averaged) {
    average.assign(tf.add(tf.mul(average, averageKept!), tf.mul(variable, tf.sub(1, averageKept!))));
    if (overwrite !== undefined) variable.assign(tf.where(tf.greater(overwrite, 0), average, variable));
  }
}
