import { InputError } from "../../errors.ts";
import { tf } from "../../tensorflow/tf.ts";
import type { Weight } from "./hdf5.ts";

export type Layer = tf.layers.Layer;

/** A weight of a layer; its variable lives behind types that TensorFlow.js does not export. */
interface LayerVariable {
  originalName: string;
  shape: (number | null)[];
  read(): tf.Variable;
}

/** A layer's variables in the order of Keras' files: trainable ones, then the others. */
export function variablesOf(layer: Layer): LayerVariable[] {
  return [...layer.trainableWeights, ...layer.nonTrainableWeights] as unknown as LayerVariable[];
}

/** The last part of a weight's name: kernel, bias, moving_mean. */
function weightName({ originalName }: LayerVariable): string {
  return originalName.split("/").at(-1)!;
}

/** Names of a layer's weights that differ from one another; a nested model has many that are called kernel. */
function weightPaths(layer: Layer): string[] {
  const names = variablesOf(layer).map(weightName);
  if (new Set(names).size === names.length) return names;
  return variablesOf(layer).map(({ originalName }, index) => `${index}/${originalName}`);
}

/** Reads all variables of a layer; `path` is a name for each. */
export async function readLayer(layer: Layer): Promise<{ path: string; weight: Weight }[]> {
  const paths = weightPaths(layer);
  return Promise.all(
    variablesOf(layer).map(async (variable, index) => ({
      path: paths[index]!,
      weight: { shape: variable.shape as number[], values: (await variable.read().data()) as Float32Array },
    })),
  );
}

/** What a file holds for one layer. */
export interface LayerWeights {
  layer: Layer;
  /** The layer's name in the file. */
  savedName: string;
  weights: Weight[];
}

const show = (shape: readonly (number | null)[]) => `[${shape.join(", ")}]`;

/**
 * Sets the weights of layers, after all of them were compared with the model: a file of another model changes nothing.
 *
 * @throws InputError naming the first layer whose weights differ in number or shape
 */
export function setWeights(plan: readonly LayerWeights[], who: string): void {
  const fix = "build the model that the file was saved from";
  for (const { layer, savedName, weights } of plan) {
    const variables = variablesOf(layer);
    const name = `layer "${layer.name}"`;
    const saved = savedName === layer.name ? "" : ` (saved as "${savedName}")`;
    if (weights.length !== variables.length) {
      const expected = `${variables.length} weights for ${name}`;
      throw new InputError({ who, expected, found: `${weights.length}${saved}`, fix });
    }
    variables.forEach((variable, index) => {
      const { shape } = weights[index]!;
      if (show(shape) === show(variable.shape)) return;
      const expected = `${name} ${weightName(variable)} of shape ${show(variable.shape)}`;
      throw new InputError({ who, expected, found: `${show(shape)}${saved}`, fix });
    });
  }
  for (const { layer, weights } of plan) {
    const tensors = weights.map(({ shape, values }) => tf.tensor(values, shape, "float32"));
    // Assigning past the layer leaves constraints unapplied, as Keras does when it loads.
    variablesOf(layer).forEach((variable, index) => variable.read().assign(tensors[index]!));
    tf.dispose(tensors);
  }
}
