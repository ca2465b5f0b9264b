import { InputError } from "../errors.ts";
import { tf } from "../tensorflow/tf.ts";

/** One use of a layer, with nothing nested left: what it takes and gives are numbers of slots that hold tensors. */
export interface LayerCall {
  layer: tf.layers.Layer;
  inputs: number[];
  outputs: number[];
  /** What the layer was given beside tensors when the model was made. */
  callArgs: Record<string, unknown>;
}

/** A tensor of the model that has a name: what a layer gives, at one of its uses. */
export interface Site {
  /** The layer's name; inside nested models with their names before it: `vgg16/block5_conv3`. */
  path: string;
  layer: tf.layers.Layer;
  slot: number;
  /** The batch first. */
  shape: (number | null)[];
  /** Which use of the layer, 0 for the first. */
  use: number;
}

/** A model as a list of calls in an order in which they can be made, nested models opened. */
export interface FlatGraph {
  name: string;
  /** The slots of the model's inputs and outputs, in its order, and their names. */
  inputs: number[];
  outputs: number[];
  inputNames: string[];
  outputNames: string[];
  /** The layers of the model itself, for those who name them by index. */
  layerNames: string[];
  calls: LayerCall[];
  sites: Site[];
}

/**
 * Opens a model: nested models become their layers, and a layer used twice becomes two calls.
 *
 * @throws InputError for what is no model of layers, or does not know its input shape
 */
export function flattenModel(model: tf.LayersModel, who: string): FlatGraph {
  if (!(model instanceof tf.LayersModel)) {
    const isGraph = (model as unknown) instanceof tf.GraphModel;
    const found = isGraph ? "a tf.GraphModel, whose layers are gone" : typeof model;
    throw new InputError({ who, expected: "a model of layers (tf.LayersModel)", found });
  }
  const graph: FlatGraph = {
    name: model.name,
    inputs: [],
    outputs: [],
    inputNames: model.inputNames,
    outputNames: model.outputNames,
    layerNames: model.layers.map(({ name }) => name),
    calls: [],
    sites: [],
  };
  let slots = 0;
  const newSlots = (tensors: readonly unknown[]): number[] => tensors.map(() => slots++);

  function addSites(
    path: string,
    layer: tf.layers.Layer,
    outputs: number[],
    tensors: tf.SymbolicTensor[],
  ): void {
    const use = graph.sites.filter((site) => site.path === path && site.layer === layer).length;
    outputs.forEach((slot, i) => {
      const name = outputs.length === 1 ? path : `${path}[${i}]`;
      graph.sites.push({ path: name, layer, slot, shape: tensors[i]!.shape, use });
    });
  }

  function open(container: tf.LayersModel, inputs: number[], prefix: string): number[] {
    build(container, who);
    const slotOf = new Map(container.inputs.map(({ id }, i) => [id, inputs[i]!]));
    for (const node of nodesInOrder(container)) {
      const layer = node.outboundLayer;
      const path = prefix + layer.name;
      const taken = node.inputTensors.map(({ id }) => slotOf.get(id)!);
      let given: number[];
      if (layer.getClassName() === "InputLayer") given = taken;
      else if (layer instanceof tf.LayersModel) given = open(layer, taken, `${path}/`);
      else {
        given = newSlots(node.outputTensors);
        graph.calls.push({ layer, inputs: taken, outputs: given, callArgs: node.callArgs ?? {} });
      }
      node.outputTensors.forEach(({ id }, i) => slotOf.set(id, given[i]!));
      addSites(path, layer, given, node.outputTensors);
    }
    // A Sequential takes the graph of a model that is its first layer as its own.
    for (const layer of container.layers) {
      if (!(layer instanceof tf.LayersModel) || !slotOf.has(layer.outputs[0]!.id)) continue;
      const given = layer.outputs.map(({ id }) => slotOf.get(id)!);
      addSites(prefix + layer.name, layer, given, layer.outputs);
    }
    return container.outputs.map(({ id }) => slotOf.get(id)!);
  }

  build(model, who);
  graph.inputs = newSlots(model.inputs);
  graph.outputs = open(model, graph.inputs, "");
  return graph;
}

type Node = tf.layers.Layer["inboundNodes"][number];

/** The nodes of a model's own graph: deep ones first, as tfjs runs them. */
function nodesInOrder({ nodesByDepth }: tf.LayersModel): Node[] {
  const depths = Object.keys(nodesByDepth).map(Number);
  return depths.sort((a, b) => b - a).flatMap((depth) => nodesByDepth[String(depth)]!);
}

/** A Sequential makes its graph when it is first needed. */
function build(model: tf.LayersModel, who: string): void {
  if (model.getClassName() !== "Sequential" || model.built) return;
  const sequential = model as tf.Sequential;
  if (sequential.outputs.length === 0) {
    throw new InputError({
      who,
      expected: "a model that knows its input shape",
      found: `"${model.name}", which is not built`,
      fix: "give its first layer an inputShape",
    });
  }
  sequential.build();
}
