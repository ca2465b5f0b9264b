import { InputError } from "../errors.ts";
import type { tf } from "../tensorflow/tf.ts";

/**
 * Which layers: names, indices into `model.layers` (negative ones count from the end), one of these alone in an array, or a
 * number for that many from the start.
 */
export type LayerSelection = number | readonly (string | number)[];

/** A tensor of the model's graph that a layer gives. */
export interface LayerOutput {
  name: string;
  className: string;
  tensor: tf.SymbolicTensor;
}

/**
 * The outputs of the chosen layers, in the order asked for. The default is every layer but the inputs whose output is a vector,
 * a sequence or a stack of maps.
 *
 * @throws InputError for a model without input shape, or a layer that is not there; the message lists those that are
 */
export function layerOutputs(
  model: tf.LayersModel,
  { layers, who }: { layers: LayerSelection | undefined; who: string },
): LayerOutput[] {
  const nodes = graphNodes(model, who);
  const visible = model.layers.filter(
    (layer) => layer.getClassName() !== "InputLayer" && outputsOf(layer, nodes).some(isVisible),
  );
  let chosen: tf.layers.Layer[];
  if (layers === undefined) chosen = visible;
  else if (typeof layers === "number") chosen = visible.slice(0, checkCount(layers, who));
  else chosen = [...new Set(layers.map((wanted) => findLayer(model, wanted, who)))];

  if (chosen.length === 0) throw new InputError({ who, expected: "at least one layer", found: "none" });
  return chosen.flatMap((layer) => {
    const tensors = outputsOf(layer, nodes).filter(isVisible);
    if (tensors.length === 0) {
      throw new InputError({
        who,
        expected: "a layer with a vector, a sequence or maps as output",
        found: `"${layer.name}"`,
      });
    }
    return tensors.map((tensor, index) => ({
      name: tensors.length === 1 ? layer.name : `${layer.name}[${String(index)}]`,
      className: layer.getClassName(),
      tensor,
    }));
  });
}

function checkCount(count: number, who: string): number {
  if (Number.isInteger(count) && count > 0) return count;
  throw new InputError({ who, expected: "layers: a number above 0, or a list", found: String(count) });
}

function findLayer(model: tf.LayersModel, wanted: string | number, who: string): tf.layers.Layer {
  const layer =
    typeof wanted === "string"
      ? model.layers.find(({ name }) => name === wanted)
      : model.layers.at(Number.isInteger(wanted) ? wanted : NaN);
  if (layer !== undefined && (typeof wanted === "string" || inRange(wanted, model.layers.length)))
    return layer;
  const names = model.layers.map(({ name }) => name);
  throw new InputError({
    who,
    expected: `a layer of the model, by name or by index ${String(-names.length)} to ${String(names.length - 1)}`,
    found: JSON.stringify(wanted),
    fix: `layers: ${names.join(", ")}`,
  });
}

const inRange = (index: number, length: number): boolean =>
  Number.isInteger(index) && index < length && index >= -length;

/** The keys of the nodes that belong to this model: a layer may also have been used in others. */
function graphNodes(model: tf.LayersModel, who: string): Set<string> {
  if (model.getClassName() !== "Sequential") return model.containerNodes;
  const sequential = model as tf.Sequential;
  if (sequential.outputs.length === 0) {
    throw new InputError({
      who,
      expected: "a model that knows its input shape",
      found: `"${model.name}", which is not built`,
      fix: "give its first layer an inputShape",
    });
  }
  // A Sequential makes its graph when it is first needed.
  if (!model.built) sequential.build();
  return model.containerNodes;
}

/** What a layer gives where it is first used in the model. */
function outputsOf(layer: tf.layers.Layer, nodes: Set<string>): tf.SymbolicTensor[] {
  const index = layer.inboundNodes.findIndex((_, i) => nodes.has(`${layer.name}_ib-${String(i)}`));
  return layer.inboundNodes[index]?.outputTensors ?? [];
}

function isVisible({ shape }: tf.SymbolicTensor): boolean {
  return shape.length >= 2 && shape.length <= 4;
}
