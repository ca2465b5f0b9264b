import type { tf } from "../tensorflow/tf.ts";

type Layer = tf.layers.Layer;
type Node = Layer["inboundNodes"][number];

/** A shape, the batch first; null where a length is not known. */
export type Shape = readonly (number | null)[];

/** A tensor: the output `output` of the call `call`. */
export interface Source {
  call: number;
  output: number;
}

/** A layer where it is used: once for each time that it is. */
export interface LayerCall {
  layer: Layer;
  /** The nested models that it is in, outermost first. */
  within: readonly tf.LayersModel[];
  inputs: readonly Source[];
  inputShapes: readonly Shape[];
  outputShapes: readonly Shape[];
}

/** The calls of a model's layers, each after those it takes from, and which of their tensors are the model's outputs. */
export interface ModelGraph {
  calls: LayerCall[];
  outputs: Source[];
}

/** A layer that is itself a model. */
export function nestedModel(layer: Layer): tf.LayersModel | undefined {
  return "layers" in layer ? (layer as unknown as tf.LayersModel) : undefined;
}

/**
 * What is computed when the model is called, layer by layer; `undefined` for a model that does not know its input yet. Layers
 * inside of nested models stand in the place of these.
 *
 * @param options `expand`: which nested models are gone into; default: all
 */
export function modelGraph(
  model: tf.LayersModel,
  { expand = () => true }: { expand?: (nested: tf.LayersModel) => boolean } = {},
): ModelGraph | undefined {
  if (!knowsItsInput(model)) return undefined;
  const calls: LayerCall[] = [];
  const outputs = callModel(model, [], undefined, calls, expand);
  return { calls, outputs };
}

/** A Sequential makes its graph when it is first needed. */
function knowsItsInput(model: tf.LayersModel): boolean {
  if (model.getClassName() !== "Sequential") return true;
  const sequential = model as tf.Sequential;
  if (sequential.outputs.length === 0) return false;
  if (!model.built) sequential.build();
  return true;
}

/** Adds the calls of a model's layers; `given`: the tensors that a nested one is called on. */
function callModel(
  model: tf.LayersModel,
  within: readonly tf.LayersModel[],
  given: readonly Source[] | undefined,
  calls: LayerCall[],
  expand: (nested: tf.LayersModel) => boolean,
): Source[] {
  const sources = new Map<number, Source>();
  model.inputs.forEach((input, i) => {
    if (given?.[i] !== undefined) sources.set(input.id, given[i]);
  });
  for (const node of nodesInOrder(model)) {
    if (node.outputTensors.every(({ id }) => sources.has(id))) continue;
    const layer = node.outboundLayer;
    // An input's node names its own tensor as what it takes.
    const taken = node.inputTensors.filter(({ id }) => sources.has(id));
    const inputs = taken.map(({ id }) => sources.get(id)!);
    const inputShapes = inputs.map(({ call, output }) => calls[call]!.outputShapes[output]!);
    const nested = nestedModel(layer);
    let outputs: Source[];
    if (nested !== undefined && knowsItsInput(nested) && expand(nested)) {
      outputs = callModel(nested, [...within, nested], inputs, calls, expand);
    } else {
      const outputShapes = outputShapesOf(node, inputShapes);
      outputs = outputShapes.map((_, output) => ({ call: calls.length, output }));
      calls.push({ layer, within, inputs, inputShapes, outputShapes });
    }
    node.outputTensors.forEach(({ id }, i) => sources.set(id, outputs[i]!));
  }
  return model.outputs.map(({ id }) => sources.get(id)!);
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
