import { tf } from "../../tensorflow/tf.ts";
import { compiledModel } from "../compiled/compiledModels.ts";
import type { KerasOptimizer } from "../optimizers/kerasOptimizer.ts";
import { statefulMetricsOf } from "../metrics/statefulMetric.ts";
import { newAdvisor } from "./advisor.ts";
import type { TrainingCallback, TrainingParams } from "./callback.ts";
import type { TrainableModel } from "./trainableModel.ts";
import { newBreather, train, type Reports, type Run } from "./trainingLoop.ts";

/** All that a training needs. */
export interface Training extends Omit<Run, "compiled" | "stateful" | "advisor" | "breathe"> {
  /** The model as callbacks get it; a sequential one keeps the one that is trained inside. */
  outer: tf.LayersModel;
  /** What callbacks are told before it begins. */
  params: TrainingParams;
  /** Stops it after the batch that is running. */
  signal: AbortSignal | undefined;
  /** How long the event loop may wait for its turn, in milliseconds. Default 50. */
  pause?: number | undefined;
}

/** Lets each callback end, also when another one fails; throws what went wrong first. */
async function endAll(callbacks: readonly TrainingCallback[]): Promise<void> {
  const errors: unknown[] = [];
  for (const callback of callbacks) {
    try {
      await callback.onTrainEnd?.({});
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
}

/** Gives weights their means, where the optimizer keeps some. `instanceof` would hold of every optimizer. */
function finalizeWeights({ optimizer_: optimizer, collectedTrainableWeights }: TrainableModel): void {
  if (optimizer === undefined || !("finalizeWeights" in optimizer)) return;
  const variables = collectedTrainableWeights.map((weight) => weight.read());
  (optimizer as KerasOptimizer).finalizeWeights(variables);
}

/** Trains, and fills a history. The sources are freed, also when it is stopped. */
export async function runTraining(training: Training, history: Reports): Promise<void> {
  const { outer, model, callbacks, params, signal, pause, source, validation } = training;
  const run: Run = {
    ...training,
    compiled: compiledModel(model),
    stateful: statefulMetricsOf(outer),
    advisor: newAdvisor(model, training.who),
    breathe: newBreather(signal, pause),
  };
  model.isTraining = true;
  model.stopTraining_ = false;
  for (const owner of [model, outer as unknown as TrainableModel]) owner.history = history;
  try {
    model.checkTrainableWeightsConsistency();
    for (const callback of callbacks) {
      callback.setParams?.({ ...params });
      callback.setModel?.(outer);
      await callback.onTrainBegin?.({});
    }
    try {
      await train(run, history);
      finalizeWeights(model);
    } catch (error) {
      // Also when it was stopped: the best weights are restored then, files closed. Why it was stopped matters more than what
      // goes wrong then.
      await endAll(callbacks).catch(() => undefined);
      throw error;
    }
    await endAll(callbacks);
  } finally {
    model.isTraining = false;
    source.dispose();
    validation?.dispose();
  }
}
