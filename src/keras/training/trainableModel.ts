import { InputError } from "../../errors.ts";
import { tf } from "../../tensorflow/tf.ts";
import type { Loss } from "../losses/loss.ts";

/**
 * The members of a LayersModel that training needs and that its types hide. `makeTrainFunction` is the seam: whatever
 * replaces it (a compiled step) is used by `fit` and by TensorFlow.js's own `fit` alike.
 */
interface Hidden {
  makeTrainFunction(): (tensors: tf.Tensor[]) => tf.Scalar[];
  makeTestFunction(): void;
  testFunction: (tensors: tf.Tensor[]) => tf.Scalar[];
  getDedupedMetricsNames(): string[];
  /** The penalties of regularizers. */
  calculateLosses(): tf.Scalar[];
  checkTrainableWeightsConsistency(): void;
  isTraining: boolean;
  stopTraining_: boolean;
  optimizer_: tf.Optimizer | undefined;
  lossFunctions: ((target: tf.Tensor, output: tf.Tensor) => tf.Tensor)[];
  /** Each metric, and the output that it is of. */
  metricsTensors: [metric: (target: tf.Tensor, output: tf.Tensor) => tf.Tensor, output: number][];
  /** The loss, and the names of these. */
  metricsNames: string[];
  /** How much the loss of each output counts; undefined where all count alike. */
  lossWeights: number[] | undefined;
  collectedTrainableWeights: {
    read(): tf.Variable;
    constraint?: { apply(value: tf.Tensor): tf.Tensor } | null;
  }[];
  loss: unknown;
  metrics: unknown;
  history: unknown;
}

export type TrainableModel = Hidden &
  Pick<tf.LayersModel, "name" | "layers" | "call" | "inputs" | "outputs" | "inputNames" | "outputNames">;

/** The name of the loss of an output; undefined for one that is a function. */
export function lossName({ loss, outputNames }: TrainableModel, output: number): string | undefined {
  const own = lossOf(loss, outputNames, output);
  return typeof own === "string" ? own : undefined;
}

/**
 * The loss of an output by its name, with its settings, also where it is one of `losses`; undefined for a function of the
 * user's.
 */
export function namedLoss(
  { loss, outputNames }: TrainableModel,
  output: number,
): { name: string; config: Readonly<Record<string, unknown>> } | undefined {
  const own = lossOf(loss, outputNames, output);
  if (typeof own === "string") return { name: own, config: {} };
  const { keras } = (own ?? {}) as Partial<Loss>;
  const lower = (name: string) => name.replace(/^./, (letter) => letter.toLowerCase());
  return keras && { name: lower(keras.class_name), config: keras.config };
}

/** The loss of an output, of one for all outputs, a list, or one for each by its name. */
export function lossOf(loss: unknown, outputNames: readonly string[], output: number): unknown {
  if (typeof loss !== "object") return loss;
  return (loss as Record<string, unknown>)[Array.isArray(loss) ? output : outputNames[output]!];
}

/** Refuses a model that was not compiled. */
export function compiledOnly(
  { name, optimizer_ }: Pick<TrainableModel, "name" | "optimizer_">,
  who: string,
): void {
  if (optimizer_ !== undefined) return;
  const fix = 'call model.compile({ optimizer: "rmsprop", loss: … }) first';
  throw new InputError({ who, expected: "a compiled model", found: `"${name}", not compiled`, fix });
}

/** The model with its hidden members. Refuses what is none, and one that was not compiled or is in training. */
export function trainable(model: tf.LayersModel, who: string): TrainableModel {
  if (!(model instanceof tf.LayersModel)) {
    const isPromise = (model as unknown) instanceof Promise;
    const found = isPromise ? "a promise" : String(model);
    throw new InputError({ who, expected: "a model", found, ...(isPromise && { fix: "await the model" }) });
  }
  // A sequential model keeps a functional one inside, and it is that one which TensorFlow.js compiles and trains.
  const { model: functional = model } = model as { model?: tf.LayersModel };
  const inner = functional as unknown as TrainableModel;
  compiledOnly({ name: model.name, optimizer_: inner.optimizer_ }, who);
  if (inner.isTraining) {
    const found = `"${model.name}" in training`;
    throw new InputError({ who, expected: "a model at rest", found, fix: "await the other fit first" });
  }
  return inner;
}
