import { InputError } from "../errors.ts";
import { tf } from "../tensorflow/tf.ts";
import { findLayer } from "./findLayer.ts";
import { freeTape } from "./gradients.ts";
import { countNumbers, type Histogram } from "./histogram.ts";
import { graphReader } from "./graphReader.ts";
import { layerOutputs } from "./layerOutputs.ts";
import { openModel } from "./modelGraph.ts";
import { toBatch } from "./modelInputs.ts";

/** What is counted: weights, what layers give for some pictures, or the gradients of the loss with respect to the weights. */
export type SpreadKind = (typeof spreadKinds)[number];

export const spreadKinds = ["weights", "activations", "gradients"] as const;

/** Pictures, and for gradients what the model is to say of them. */
export type SpreadData =
  tf.Tensor | tf.Tensor[] | { x: tf.Tensor | tf.Tensor[]; y?: tf.Tensor | tf.Tensor[] };

/** A tensor by its name, `conv1/kernel` or `conv1`, and how its numbers are spread. */
export interface Spread extends Histogram {
  name: string;
}

export interface SpreadOptions {
  of: SpreadKind;
  layers: readonly (string | number)[] | undefined;
  data: SpreadData | undefined;
  bins: number;
  who: string;
}

/**
 * Counts the numbers of a model. Activations and gradients are those of inference: no dropout, running statistics; a gradient is that of
 * the loss that the model was compiled with.
 *
 * @throws InputError for data that are missing, a model that is not compiled where gradients are wanted, a layer that is not there
 */
export function countSpreads(model: tf.LayersModel, options: SpreadOptions): Spread[] {
  if (options.of === "activations") return countActivations(model, options);
  const weights = weightsOf(model, options);
  if (options.of === "gradients") {
    return countGradients(
      model,
      weights.filter(({ trainable }) => trainable),
      options,
    );
  }
  return weights.map((weight) => ({
    name: shortName(weight),
    ...countNumbers(weight.read().dataSync(), options.bins),
  }));
}

type Weight = tf.layers.Layer["weights"][number];

function weightsOf(model: tf.LayersModel, { layers, who }: SpreadOptions): Weight[] {
  const chosen = layers?.flatMap((layer) => findLayer(model, layer, who).layer.weights);
  const weights = [...new Set(chosen ?? model.weights)];
  if (weights.length > 0) return weights;
  throw new InputError({ who, expected: "layers with weights", found: "none" });
}

/** TensorFlow.js adds numbers to names that were given before. */
const shortName = ({ originalName }: Weight): string => originalName;

function parts(data: SpreadData | undefined, who: string, fix: string): { x: tf.Tensor[]; y: tf.Tensor[] } {
  const isPair = data !== undefined && !(data instanceof tf.Tensor) && !Array.isArray(data);
  const x = [(isPair ? data.x : data) ?? []].flat();
  const y = [(isPair ? data.y : undefined) ?? []].flat();
  if (x.length === 0 || !x.every((tensor) => tensor instanceof tf.Tensor)) {
    throw new InputError({ who, expected: "data", found: "none", fix });
  }
  return { x, y };
}

function countActivations(model: tf.LayersModel, { layers, data, bins, who }: SpreadOptions): Spread[] {
  const { x } = parts(data, who, "give a batch of pictures: { data: images }");
  const graph = openModel(model, who);
  const outputs = layerOutputs(graph, { layers, who });
  const read = graphReader(
    graph,
    outputs.map(({ slot }) => slot),
  );
  const results = tf.tidy(() => read(toBatch(model, x, who)));
  try {
    return outputs.map(({ name }, i) => ({ name, ...countNumbers(results[i]!.dataSync(), bins) }));
  } finally {
    tf.dispose(results);
  }
}

/** What a compiled model has and the types of TensorFlow.js hide. */
interface Compiled {
  lossFunctions?: ((target: tf.Tensor, prediction: tf.Tensor) => tf.Tensor)[];
}

function countGradients(model: tf.LayersModel, weights: readonly Weight[], options: SpreadOptions): Spread[] {
  const { data, bins, who } = options;
  const { x, y } = parts(data, who, "give pictures and what they show: { data: { x, y } }");
  const { lossFunctions } =
    model.getClassName() === "Sequential" ? ((model as unknown as { model?: Compiled }).model ?? {}) : model;
  if (lossFunctions === undefined) {
    const fix = "call model.compile({ optimizer, loss })";
    throw new InputError({ who, expected: "a compiled model", found: `"${model.name}" without a loss`, fix });
  }
  if (y.length !== lossFunctions.length) {
    const expected = `${String(lossFunctions.length)} targets y`;
    throw new InputError({ who, expected, found: String(y.length), fix: "give data: { x, y }" });
  }
  const variables = weights.map((weight) => weight.read() as tf.Variable);
  try {
    return tf.tidy(() => {
      const batch = toBatch(model, x, who);
      // Classes are often whole numbers, of which losses take no floor.
      const targets = y.map((target) => target.cast("float32"));
      const { grads } = tf.variableGrads(() => {
        const predicted = [
          model.apply(batch.length === 1 ? batch[0]! : batch, { training: false }) as tf.Tensor | tf.Tensor[],
        ].flat();
        const losses = lossFunctions.map((loss, i) => loss(targets[i]!, predicted[i]!).mean());
        return tf.addN(losses).asScalar();
      }, variables);
      return weights.map((weight, i) => ({
        name: shortName(weight),
        ...countNumbers(grads[variables[i]!.name]!.dataSync(), bins),
      }));
    });
  } catch (error) {
    freeTape();
    throw error;
  }
}
