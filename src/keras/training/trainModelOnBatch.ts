import { tf } from "../../tensorflow/tf.ts";
import { compiledModel } from "../compiled/compiledModels.ts";
import { withWeights, type Tensors } from "./batches.ts";
import { completeBatch, orderBatch } from "./orderBatch.ts";
import { toClassWeights, type ClassWeights } from "./sampleWeights.ts";
import { compiledOnly, type TrainableModel } from "./trainableModel.ts";

const who = "trainOnBatch";

/** How much the samples of a batch count; default: all alike. */
export interface TrainOnBatchOptions {
  /** `[batch]`, or for several outputs one for each. */
  sampleWeight?: Tensors;
  /** As `{ 0: 1, 1: 5 }`. */
  classWeight?: ClassWeights;
}

declare module "@tensorflow/tfjs-layers/dist/engine/training.js" {
  interface LayersModel {
    trainOnBatch(x: Tensors, y: Tensors, options?: TrainOnBatchOptions): Promise<number | number[]>;
  }
}

declare module "@tensorflow/tfjs-layers/dist/models.js" {
  interface Sequential {
    trainOnBatch(x: Tensors, y: Tensors, options?: TrainOnBatchOptions): Promise<number | number[]>;
  }
}

/** What `model.trainOnBatch` does: one step. Gives the loss; with metrics, it and these. */
export async function trainModelOnBatch(
  model: TrainableModel,
  x: Tensors,
  y: Tensors,
  { sampleWeight, classWeight }: TrainOnBatchOptions = {},
): Promise<number | number[]> {
  compiledOnly(model, who);
  const classWeights = classWeight && toClassWeights(classWeight, model.outputNames, who);
  const { tensors, made = [] } = orderBatch(model, withWeights(x, y, sampleWeight), { who, classWeights });
  const whole = completeBatch(model, tensors, classWeights);
  const scalars = compiledModel(model).training.run({ tensors: whole });
  tf.dispose([...made, ...whole.filter((tensor) => !tensors.includes(tensor))]);
  const values = await Promise.all(scalars.map(async (scalar) => (await scalar.data())[0]!));
  tf.dispose(scalars);
  return values.length === 1 ? values[0]! : values;
}
