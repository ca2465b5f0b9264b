import type { tf } from "../../tensorflow/tf.ts";
import { layerRules } from "./layerRules.ts";
import type { Layer } from "./modelWeights.ts";

/** A layer that is itself a model. */
export function asModel(layer: Layer): tf.LayersModel | undefined {
  return "layers" in layer ? (layer as unknown as tf.LayersModel) : undefined;
}

/** The class of a layer in Keras' words. */
export function kerasClass(layer: Layer): string {
  const name = layer.getClassName();
  return name === "Model" ? "Functional" : (layerRules[name]?.kerasClass ?? name);
}

/** Keras' name of a setting in camelCase: `beta_1` is `beta1`. */
export function camelCase(name: string): string {
  return name.replace(/_([a-z\d])/g, (_, letter: string) => letter.toUpperCase());
}

/** A class name as Keras writes it in lower case: BatchNormalization becomes batch_normalization, Conv2D conv2d. */
export function snakeCase(name: string): string {
  return name
    .replace(/\W+/g, "")
    .replace(/(.)([A-Z][a-z]+)/g, "$1_$2")
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase();
}
