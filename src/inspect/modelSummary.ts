import type { tf } from "../tensorflow/tf.ts";

/** One layer of a model, as a row of its summary. */
export interface LayerSummary {
  name: string;
  className: string;
  /** How deep inside nested models: 0 for a layer of the model itself. */
  depth: number;
  /** The shape of each output, the batch first; empty while it is not known. */
  outputShapes: (number | null)[][];
  /** `undefined` while the layer has no weights yet. */
  params: number | undefined;
  trainable: boolean;
  /** The tensors it takes, as `layer[node][tensor]`. */
  connectedTo: string[];
}

/** How many numbers, and how many bytes they take. */
export interface ParameterCount {
  count: number;
  bytes: number;
}

/** A model in numbers. */
export interface ModelSummary {
  name: string;
  /** Whether the layers follow one another in a line, so that nobody need say what is connected to what. */
  sequential: boolean;
  layers: LayerSummary[];
  total: ParameterCount;
  trainable: ParameterCount;
  nonTrainable: ParameterCount;
}

type Layer = tf.layers.Layer;
type Node = Layer["inboundNodes"][number];

/**
 * Shapes, numbers of parameters and connections of a model's layers.
 *
 * @param options `expandNested`: also the layers inside of nested models; default false
 */
export function summarizeModel(
  model: tf.LayersModel,
  { expandNested = false }: { expandNested?: boolean } = {},
): ModelSummary {
  const isSequential = model.getClassName() === "Sequential";
  const nodes = isSequential ? [] : Object.values(model.nodesByDepth).flat();
  const trainable = countWeights(model.trainableWeights);
  const nonTrainable = countWeights(model.nonTrainableWeights);
  return {
    name: model.name,
    sequential: isSequential || isChain(model),
    layers: layersOf(model).flatMap((layer) => summarizeLayer(layer, nodes, 0, expandNested)),
    total: { count: trainable.count + nonTrainable.count, bytes: trainable.bytes + nonTrainable.bytes },
    trainable,
    nonTrainable,
  };
}

/** Keras lists no input layers of a Sequential. */
function layersOf(model: tf.LayersModel): Layer[] {
  if (model.getClassName() !== "Sequential") return model.layers;
  return model.layers.filter((layer) => layer.getClassName() !== "InputLayer");
}

/** Keras' rule: one node at each depth, each with one input, and no layer used twice. */
function isChain({ nodesByDepth, layers }: tf.LayersModel): boolean {
  const depths = Object.values(nodesByDepth);
  const nodes = new Set(depths.flat());
  return (
    depths.every((level) => level.length === 1 && level[0]!.inputTensors.length <= 1) &&
    layers.every((layer) => layer.inboundNodes.filter((node) => nodes.has(node)).length <= 1)
  );
}

function summarizeLayer(layer: Layer, nodes: Node[], depth: number, expandNested: boolean): LayerSummary[] {
  const { name, built, trainable, inboundNodes } = layer;
  const row: LayerSummary = {
    name,
    className: layer.getClassName(),
    depth,
    outputShapes: inboundNodes.at(-1)?.outputTensors.map(({ shape }) => shape) ?? [],
    params: built || inboundNodes.length > 0 ? countWeights(layer.weights).count : undefined,
    trainable,
    connectedTo: inboundNodes.filter((node) => nodes.includes(node)).flatMap(sourcesOf),
  };
  const inner = expandNested && "layers" in layer ? layersOf(layer as tf.LayersModel) : [];
  return [row, ...inner.flatMap((nested) => summarizeLayer(nested, nodes, depth + 1, expandNested))];
}

function sourcesOf({ inboundLayers, nodeIndices, tensorIndices }: Node): string[] {
  return inboundLayers.map(
    ({ name }, i) => `${name}[${String(nodeIndices[i])}][${String(tensorIndices[i])}]`,
  );
}

const bytesOf: Partial<Record<tf.DataType, number>> = { bool: 1, complex64: 8 };

function countWeights(weights: tf.layers.Layer["weights"]): ParameterCount {
  let count = 0;
  let bytes = 0;
  for (const { shape, dtype } of new Set(weights)) {
    const size = shape.reduce<number>((product, length) => product * (length ?? 1), 1);
    count += size;
    bytes += size * (bytesOf[dtype] ?? 4);
  }
  return { count, bytes };
}
