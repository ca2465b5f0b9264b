import { tf } from "../../tensorflow/tf.ts";
import type { TrainableModel } from "../training/trainableModel.ts";
import { CompiledModel } from "./compiledModel.ts";
import type { ModelMethods } from "./modelMethods.ts";

const models = new WeakMap<TrainableModel, CompiledModel>();
/** Frees what was compiled for models that nobody has any more. */
const collected = new FinalizationRegistry<() => void>((close) => close());
/** TensorFlow.js's own way to predict. */

const { predictLoop } = tf.LayersModel.prototype as unknown as ModelMethods;

/** What is compiled of a model, for as long as the model lives. */
export function compiledModel(model: TrainableModel): CompiledModel {
  let compiled = models.get(model);
  if (compiled === undefined) {
    compiled = new CompiledModel(model, predictLoop);
    models.set(model, compiled);
    collected.register(model, compiled.close);
  }
  return compiled;
}
