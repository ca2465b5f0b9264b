import { InputError } from "../errors.ts";
import { tf } from "../tensorflow/tf.ts";

type Layer = tf.layers.Layer;
type Node = Layer["inboundNodes"][number];

/** A shape, the batch first; null where a length is not known. */
export type Shape = readonly (number | null)[];

/** A layer where it is used: once for each time that it is. What it takes and gives are slots, the numbers of the graph's tensors. */
export interface LayerCall {
  layer: Layer;
  /** The nested models that it is in, outermost first. */
  within: readonly tf.LayersModel[];
  inputs: readonly number[];
  outputs: readonly number[];
  inputShapes: readonly Shape[];
  outputShapes: readonly Shape[];
  /** What the layer was given beside tensors when the model was made. */
  callArgs: Record<string, unknown>;
}

/** A tensor of the model that has a name: what a layer gives, at one of its uses. */
export interface Site {
  /** The layer's name; inside nested models with their names before it: `vgg16/block5_conv3`. */
  path: string;
  layer: Layer;
  /** The nested models that it is in, outermost first. */
  within: readonly tf.LayersModel[];
  slot: number;
  shape: Shape;
  /** The slots that the layer takes there. */
  inputs: readonly number[];
  /** Which use of the layer, 0 for the first. */
  use: number;
}

/** A model as a list of calls, each after those it takes from. The calls of its input layers take nothing. */
export interface ModelGraph {
  model: tf.LayersModel;
  /** The slots of the model's inputs and outputs, in its order. */
  inputs: number[];
  outputs: number[];
  calls: LayerCall[];
  /** By slot: the index of the call that gives it. */
  makers: number[];
  sites: Site[];
}

/** A layer that is itself a model. */
export function nestedModel(layer: Layer): tf.LayersModel | undefined {
  return "layers" in layer ? (layer as unknown as tf.LayersModel) : undefined;
}

/**
 * What is computed when the model is called, layer by layer; a layer used twice is two calls. Layers inside of nested models stand
 * in the place of these.
 *
 * @throws InputError for what is no model of layers, or does not know its input shape
 */
export function openModel(model: tf.LayersModel, who: string): ModelGraph {
  if (!(model instanceof tf.LayersModel)) {
    const isGraph = (model as unknown) instanceof tf.GraphModel;
    const found = isGraph ? "a tf.GraphModel, whose layers are gone" : typeof model;
    throw new InputError({ who, expected: "a model of layers (tf.LayersModel)", found });
  }
  const graph = modelGraph(model);
  if (graph === undefined) throw notBuilt(model, who);
  return graph;
}

/** The error for a model that does not know its input shape. */
export function notBuilt({ name }: tf.LayersModel, who: string): InputError {
  return new InputError({
    who,
    expected: "a model that knows its input shape",
    found: `"${name}", which is not built`,
    fix: "give its first layer an inputShape",
  });
}

/**
 * The same as {@link openModel}, but `undefined` for a model that does not know its input yet.
 *
 * @param options `expand`: which nested models are gone into; default: all
 */
export function modelGraph(
  model: tf.LayersModel,
  { expand = () => true }: { expand?: (nested: tf.LayersModel) => boolean } = {},
): ModelGraph | undefined {
  if (!knowsItsInput(model)) return undefined;
  const calls: LayerCall[] = [];
  const makers: number[] = [];
  const shapes: Shape[] = [];
  const sites: Site[] = [];
  const uses = new Map<string, number>();

  function addCall(node: Node, within: readonly tf.LayersModel[], inputs: number[]): number[] {
    const inputShapes = inputs.map((slot) => shapes[slot]!);
    const outputShapes = outputShapesOf(node, inputShapes);
    const outputs = outputShapes.map((shape) => {
      makers.push(calls.length);
      return shapes.push(shape) - 1;
    });
    const callArgs = node.callArgs ?? {};
    calls.push({ layer: node.outboundLayer, within, inputs, outputs, inputShapes, outputShapes, callArgs });
    return outputs;
  }

  function addSites(
    layer: Layer,
    within: readonly tf.LayersModel[],
    { inputs, slots }: { inputs: readonly number[]; slots: readonly number[] },
  ): void {
    const path = pathOf({ layer, within });
    const use = uses.get(path) ?? 0;
    uses.set(path, use + 1);
    slots.forEach((slot, i) => {
      const name = slots.length === 1 ? path : `${path}[${i}]`;
      sites.push({ path: name, ...{ layer, within, slot, shape: shapes[slot]!, inputs, use } });
    });
  }

  /** `given`: the slots that a nested model is called on. Returns those of its inputs and outputs. */
  function open(
    container: tf.LayersModel,
    within: readonly tf.LayersModel[],
    given: readonly number[],
  ): { inputs: number[]; outputs: number[] } {
    const slotOf = new Map(given.map((slot, i) => [container.inputs[i]!.id, slot]));
    for (const node of nodesInOrder(container)) {
      const layer = node.outboundLayer;
      // An input's node names its own tensor as what it takes.
      const isInput = node.inputTensors.every((tensor) => node.outputTensors.includes(tensor));
      const taken = isInput ? [] : slotsOf(node.inputTensors);
      if (!node.outputTensors.every(({ id }) => slotOf.has(id))) {
        const nested = nestedModel(layer);
        const outputs =
          nested !== undefined && knowsItsInput(nested) && expand(nested)
            ? open(nested, [...within, nested], taken).outputs
            : addCall(node, within, taken);
        node.outputTensors.forEach(({ id }, i) => slotOf.set(id, outputs[i]!));
      }
      addSites(layer, within, { inputs: taken, slots: slotsOf(node.outputTensors) });
    }
    // A Sequential takes the graph of a model that is its first layer as its own.
    for (const layer of container.layers) {
      const nested = nestedModel(layer);
      if (nested === undefined || !slotOf.has(nested.outputs[0]!.id)) continue;
      addSites(layer, within, { inputs: slotsOf(nested.inputs), slots: slotsOf(nested.outputs) });
    }
    return { inputs: slotsOf(container.inputs), outputs: slotsOf(container.outputs) };

    function slotsOf(tensors: readonly tf.SymbolicTensor[]): number[] {
      return tensors.map(({ id }) => slotOf.get(id)!);
    }
  }

  return { model, calls, makers, sites, ...open(model, [], []) };
}

/** The way to a layer: its name, inside of nested models with their names before it. */
export function pathOf({ layer, within }: Pick<Site, "layer" | "within">): string {
  return [...within, layer].map(({ name }) => name).join("/");
}

/** Whether a model knows its input, and so its graph: a Sequential makes it when it is first needed. */
function knowsItsInput(model: tf.LayersModel): boolean {
  if (model.getClassName() !== "Sequential") return true;
  const sequential = model as tf.Sequential;
  if (sequential.outputs.length === 0) return false;
  if (!model.built) sequential.build();
  return true;
}

/** The nodes from the inputs on. Nodes of one depth come in the order of the model's layers. */
function nodesInOrder({ nodesByDepth, layers }: tf.LayersModel): Node[] {
  const place = new Map(layers.map((layer, i) => [layer, i]));
  return Object.keys(nodesByDepth)
    .sort((a, b) => Number(b) - Number(a))
    .flatMap((depth) =>
      nodesByDepth[depth]!.toSorted(
        (a, b) => (place.get(a.outboundLayer) ?? -1) - (place.get(b.outboundLayer) ?? -1),
      ),
    );
}

/** Layers of a nested model may be given more than it knew of its input when it was made: they are asked anew. */
function outputShapesOf(node: Node, inputShapes: readonly Shape[]): Shape[] {
  const known = node.outputTensors.map(({ shape }) => shape);
  const isSame = inputShapes.every((shape, i) => String(shape) === String(node.inputTensors[i]!.shape));
  if (isSame) return known;
  const shapes = inputShapes.map((shape) => [...shape]);
  const made = node.outboundLayer.computeOutputShape(shapes.length === 1 ? shapes[0]! : shapes);
  return known.length === 1 && !Array.isArray(made[0]) ? [made as Shape] : (made as Shape[]);
}
