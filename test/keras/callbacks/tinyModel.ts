import { tf } from "../../../src/tensorflow/tf.ts";

/** A model of one weight, compiled with gradient descent. */
export function tinyModel(learningRate = 1): tf.LayersModel {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1], useBias: false })] });
  model.compile({ optimizer: tf.train.sgd(learningRate), loss: "meanSquaredError" });
  setWeight(model, 0);
  return model;
}

export function setWeight(model: tf.LayersModel, value: number): void {
  const weight = tf.tensor2d([[value]]);
  model.setWeights([weight]);
  weight.dispose();
}

export const weightOf = (model: tf.LayersModel): number => model.getWeights()[0]!.dataSync()[0]!;

/** Frees a model of {@link tinyModel}. */
export function disposeModel(model: tf.LayersModel): void {
  model.optimizer.dispose();
  model.dispose();
}
