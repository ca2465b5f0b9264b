import type { tf } from "../../tensorflow/tf.ts";
import type { BatchData } from "../training/batches.ts";
import type { DatasetOptions } from "../training/fitModelOnDataset.ts";
import type { TrainableModel } from "../training/trainableModel.ts";

/** The methods of a LayersModel that `fit`, `evaluate` and `predict` all come down to. */
export interface ModelMethods {
  fit: (this: TrainableModel, ...data: Parameters<tf.LayersModel["fit"]>) => Promise<tf.History>;
  fitDataset: (this: TrainableModel, dataset: BatchData, options: DatasetOptions) => Promise<tf.History>;
  evaluate: (
    this: TrainableModel,
    ...data: Parameters<tf.LayersModel["evaluate"]>
  ) => tf.Scalar | tf.Scalar[];
  trainOnBatch: (
    this: TrainableModel,
    ...data: Parameters<tf.LayersModel["trainOnBatch"]>
  ) => Promise<number | number[]>;
  predict: (this: TrainableModel, ...data: Parameters<tf.LayersModel["predict"]>) => tf.Tensor | tf.Tensor[];
  makeTrainFunction: (this: TrainableModel) => (tensors: tf.Tensor[]) => tf.Scalar[];
  makeTestFunction: (this: TrainableModel) => void;
  predictLoop: (
    this: TrainableModel,
    inputs: tf.Tensor | tf.Tensor[],
    batchSize?: number,
  ) => tf.Tensor | tf.Tensor[];
}
