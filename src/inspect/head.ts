import { InputError } from "../errors.ts";
import { tf } from "../tensorflow/tf.ts";
import type { ModelGraph, LayerCall } from "./modelGraph.ts";
import { layerSetting } from "./layerSetting.ts";
import type { Instead } from "./runGraph.ts";

/** How a network ends: what is done to the numbers that are compared, the logits. */
export interface Head {
  activation: "softmax" | "logSoftmax" | "sigmoid" | "linear";
  /** What is done instead, so that the logits come out; empty where they come out anyway. */
  instead: Map<LayerCall, Instead>;
}

/** Layers that put numbers elsewhere, or do nothing in prediction: logits pass through them as well as probabilities. */
const passing = new Set([
  ...["Reshape", "Flatten", "Permute", "Identity"],
  ...["Dropout", "SpatialDropout1D", "SpatialDropout2D"],
]);

/** By the name of an activation, of a layer's class or of an operation. */
const squashing: Readonly<Record<string, Head["activation"]>> = {
  softmax: "softmax",
  logSoftmax: "logSoftmax",
  Softmax: "softmax",
  sigmoid: "sigmoid",
};

/**
 * Finds the softmax or sigmoid that ends in a slot, in a layer's `activation` or in a layer of its own, and how to leave it out. The
 * layers stay as they are: a layer with another activation is made that has everything else of the first.
 */
export function findHead(graph: ModelGraph, slot: number): Head {
  const call = graph.calls.find(({ outputs }) => outputs.includes(slot));
  if (call === undefined) return { activation: "linear", instead: new Map() };
  const inner = innermost(call.layer);
  const className = inner.getClassName();
  const own = activationOf(inner);
  const [input] = call.inputs;
  const isPassing =
    passing.has(className) || (className === "Activation" && own?.getClassName() === "linear");
  if (isPassing && input !== undefined) return findHead(graph, input);
  const activation = squashing[own?.getClassName() ?? layerSetting(inner, "operation") ?? className];
  if (activation === undefined) return { activation: "linear", instead: new Map() };
  return { activation, instead: new Map([[call, own === undefined ? pass : callLinear(call.layer)]]) };
}

const pass: Instead = (inputs) => inputs;

/** The layer itself, or the one that it applies at each step. */
function innermost(layer: tf.layers.Layer): tf.layers.Layer {
  const inner = layer.getClassName() === "TimeDistributed" ? layerSetting(layer, "layer") : undefined;
  return inner === undefined ? layer : innermost(inner);
}

/** The activation that a layer has of its own. */
export const activationOf = (layer: tf.layers.Layer): tf.serialization.Serializable | undefined =>
  (layer as { activation?: tf.serialization.Serializable }).activation;

/** The same layer without its activation. */
export function callLinear(layer: tf.layers.Layer): Instead {
  const linear = linearOf(layer);
  return (inputs, args) => linear.call(inputs, args);
}

function linearOf(layer: tf.layers.Layer): tf.layers.Layer {
  const inner = innermost(layer);
  const change =
    inner === layer
      ? { activation: { value: linearActivation() } }
      : { layer: { value: linearOf(layerSetting(layer, "layer")!) } };
  return Object.create(layer, change) as tf.layers.Layer;
}

let linearOne: unknown;

/** Layers ask an activation for the name of its class, so it has to be one of tfjs. With a name, a layer counts up no numbers. */
function linearActivation(): unknown {
  linearOne ??= (tf.layers.activation({ activation: "linear", name: "linear" }) as { activation?: unknown })
    .activation;
  return linearOne;
}

/**
 * Which output is meant.
 *
 * @param output by name or index; default: the first
 */
export function findOutput(graph: ModelGraph, output: string | number = 0, who: string): number {
  const index = typeof output === "number" ? output : graph.model.outputNames.indexOf(output);
  if (graph.outputs[index] !== undefined) return index;
  const names = graph.model.outputNames.map((name) => `"${name}"`).join(", ");
  const expected = `output: one of ${names}, or an index below ${graph.outputs.length}`;
  throw new InputError({ who, expected, found: JSON.stringify(output) });
}
