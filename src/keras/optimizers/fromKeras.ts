import type { tf } from "../../tensorflow/tf.ts";
import { isDescribed, type Described } from "../files/config.ts";
import { camelCase } from "../files/layerClass.ts";
import { adadelta } from "./adadelta.ts";
import { adagrad } from "./adagrad.ts";
import { adam, adamW } from "./adam.ts";
import { adamax } from "./adamax.ts";
import { ftrl } from "./ftrl.ts";
import { lamb } from "./lamb.ts";
import { lion } from "./lion.ts";
import { nadam } from "./nadam.ts";
import { rmsprop } from "./rmsprop.ts";
import * as schedules from "./schedules.ts";
import { sgd } from "./sgd.ts";

const shared = [
  ...["learning_rate", "weight_decay", "clipnorm", "clipvalue", "global_clipnorm"],
  ...["use_ema", "ema_momentum", "ema_overwrite_frequency"],
];
const moments = ["beta_1", "beta_2", "epsilon"];

const regularized = [
  ...["learning_rate_power", "initial_accumulator_value", "beta", "l1_regularization_strength"],
  ...["l2_regularization_strength", "l2_shrinkage_regularization_strength"],
];

/** For each of Keras' classes the function that makes it, and its settings besides the shared ones. */
const classes = {
  Adadelta: [adadelta, ["rho", "epsilon"]],
  Adagrad: [adagrad, ["initial_accumulator_value", "epsilon"]],
  Adam: [adam, [...moments, "amsgrad"]],
  AdamW: [adamW, [...moments, "amsgrad"]],
  Adamax: [adamax, moments],
  Ftrl: [ftrl, regularized],
  Lamb: [lamb, moments],
  Lion: [lion, moments.slice(0, 2)],
  Nadam: [nadam, moments],
  RMSprop: [rmsprop, ["rho", "momentum", "epsilon", "centered"]],
  SGD: [sgd, ["momentum", "nesterov"]],
} as const;

/** The names of Keras' classes that there are here. */
export const optimizerClasses: readonly string[] = Object.keys(classes);

/** Settings that are there, in camelCase. */
function settingsOf(config: Described["config"], names: readonly string[]): Record<string, unknown> {
  const given = names.filter((name) => config[name] !== undefined && config[name] !== null);
  return Object.fromEntries(given.map((name) => [camelCase(name), config[name]]));
}

function scheduleFrom({
  class_name: className,
  config,
}: Described): schedules.LearningRateSchedule | undefined {
  const name = className.replace(/^./, (letter) => letter.toLowerCase());
  if (!(name in schedules)) return undefined;
  const make = schedules[name as keyof typeof schedules] as (
    options: object,
  ) => schedules.LearningRateSchedule;
  return make(settingsOf(config, Object.keys(config)));
}

/**
 * The optimizer that Keras describes, with Keras' arithmetic. Keras 2 wrote `lr`, and class names with a prefix.
 *
 * @returns undefined for a class, or a schedule of the learning rate, that there is not here
 */
export function optimizerFromKeras({ class_name: className, config }: Described): tf.Optimizer | undefined {
  const name = className.replace(/^.*>/, "");
  if (!(name in classes)) return undefined;
  const [make, own] = classes[name as keyof typeof classes];
  const rate = config.learning_rate ?? config.lr;
  const learningRate = isDescribed(rate) ? scheduleFrom(rate) : rate;
  if (rate !== undefined && learningRate === undefined) return undefined;
  return (make as (options: object) => tf.Optimizer)({
    ...settingsOf(config, [...shared, ...own]),
    ...(learningRate !== undefined && { learningRate }),
  });
}
