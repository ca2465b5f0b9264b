import type { tf } from "../tensorflow/tf.ts";
import { macsOf, product } from "./macs.ts";
import { modelGraph, nestedModel, type ModelGraph, type Shape } from "./modelGraph.ts";
import { placeAxes, receptiveFields, type Reach } from "./receptiveFields.ts";

/** A layer as a row of a summary. */
export interface LayerSummary {
  name: string;
  /** As Keras names it. */
  className: string;
  /** How deep inside nested models: 0 for a layer of the model itself. */
  depth: number;
  /** The shape of each output, the batch first; empty while it is not known. */
  outputShapes: (number | null)[][];
  /** `undefined` while the layer has no weights yet. */
  params: number | undefined;
  trainable: boolean;
  hasWeights: boolean;
  /** The tensors it takes, as `layer[node][tensor]`. */
  connectedTo: string[];
  /** How often it multiplies and adds for one sample; `undefined` where shapes are not known, or what the layer computes. */
  macs: number | undefined;
  /** The bytes of its outputs for one sample; `undefined` where shapes are not known. */
  activationBytes: number | undefined;
  /** What it sees of the first picture that the model takes. */
  sight: Sight | undefined;
}

/** What the units of a layer see of an input, axis by axis, without the channels. */
export interface Sight {
  /** How many places; a border of zeros counts. */
  receptiveField: number[];
  /** How many places of the input there are from a unit to the next; empty when all units see the same. */
  stride: number[];
  /** Whether each unit sees all of the input. */
  whole: boolean;
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
  /** Of all layers, for one sample: `undefined` where one is not known. */
  macs: number | undefined;
  activationBytes: number | undefined;
}

type Layer = tf.layers.Layer;
type Node = Layer["inboundNodes"][number];
type Costs = Pick<LayerSummary, "macs" | "activationBytes" | "sight">;

/**
 * Shapes, numbers of parameters, connections and costs of a model's layers.
 *
 * @param options `expandNested`: also the layers inside of nested models; default false
 */
export function summarizeModel(
  model: tf.LayersModel,
  { expandNested = false }: { expandNested?: boolean } = {},
): ModelSummary {
  const graph = modelGraph(model);
  const isSequential = model.getClassName() === "Sequential";
  const nodes = new Set(isSequential ? [] : Object.values(model.nodesByDepth).flat());
  const trainable = countWeights(model.trainableWeights);
  const nonTrainable = countWeights(model.nonTrainableWeights);
  const costs = costsByLayer(graph);
  return {
    name: model.name,
    sequential: isSequential || isChain(model),
    layers: layersOf(model).flatMap((layer) => summarizeLayer(layer, { nodes, costs, expandNested }, 0)),
    total: { count: trainable.count + nonTrainable.count, bytes: trainable.bytes + nonTrainable.bytes },
    trainable,
    nonTrainable,
    macs: graph && sum(graph.calls.map(macsOf)),
    activationBytes: graph && sum(graph.calls.map(({ outputShapes }) => bytesOfShapes(outputShapes))),
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

/** What the rows have in common. */
interface Context {
  nodes: ReadonlySet<Node>;
  costs: ReadonlyMap<Layer, Costs>;
  expandNested: boolean;
}

/** The classes that have another name here than in Keras. */
const kerasNames: Record<string, string> = {
  Model: "Functional",
  ResetAfterGRU: "GRU",
  ThresholdedReLU: "ReLU",
};

function summarizeLayer(layer: Layer, context: Context, depth: number): LayerSummary[] {
  const { name, built, trainable, inboundNodes, weights } = layer;
  const className = layer.getClassName();
  const row: LayerSummary = {
    name,
    className: kerasNames[className] ?? className,
    depth,
    outputShapes: inboundNodes.at(-1)?.outputTensors.map(({ shape }) => shape) ?? [],
    params: built || inboundNodes.length > 0 ? countWeights(weights).count : undefined,
    trainable,
    hasWeights: weights.length > 0,
    connectedTo: inboundNodes.filter((node) => context.nodes.has(node)).flatMap(sourcesOf),
    ...(context.costs.get(layer) ?? unknownCosts),
  };
  const nested = context.expandNested ? nestedModel(layer) : undefined;
  const inner = nested === undefined ? [] : layersOf(nested);
  return [row, ...inner.flatMap((one) => summarizeLayer(one, context, depth + 1))];
}

/** A model of TensorFlow.js counts its own inputs as the first time that it is used, which Keras does not. */
function sourcesOf({ inboundLayers, nodeIndices, tensorIndices }: Node): string[] {
  return inboundLayers.map((layer, i) => {
    const use = nodeIndices[i]! - (nestedModel(layer) === undefined ? 0 : 1);
    return `${layer.name}[${String(use)}][${String(tensorIndices[i])}]`;
  });
}

const unknownCosts: Costs = { macs: undefined, activationBytes: undefined, sight: undefined };

/** What each layer costs wherever it is used, a nested model as much as all that is in it; what it sees where it is used last. */
function costsByLayer(graph: ModelGraph | undefined): Map<Layer, Costs> {
  const costs = new Map<Layer, Costs>();
  if (graph === undefined) return costs;
  const see = sightsOf(graph);
  graph.calls.forEach((call, index) => {
    const macs = macsOf(call);
    const activationBytes = bytesOfShapes(call.outputShapes);
    const sight = see(index);
    for (const layer of [...(call.within as unknown as Layer[]), call.layer]) {
      const before = costs.get(layer) ?? { macs: 0, activationBytes: 0 };
      costs.set(layer, {
        macs: sum([before.macs, macs]),
        activationBytes: sum([before.activationBytes, activationBytes]),
        sight,
      });
    }
  });
  return costs;
}

/** What each call sees of the first input that has places: a picture rather than a vector. */
function sightsOf(graph: ModelGraph): (call: number) => Sight | undefined {
  const inputs = [...graph.calls.keys()].filter((index) => graph.calls[index]!.inputs.length === 0);
  const input = inputs.find((index) => graph.calls[index]!.outputShapes[0]!.length > 2);
  if (input === undefined) return () => undefined;
  const reaches = receptiveFields(graph, input);
  const axes = placeAxes(graph, input, reaches);
  const shape = graph.calls[input]!.outputShapes[0]!.slice(1);
  return (call) => {
    const own = reaches[call];
    return own && axes.length > 0
      ? toSight(
          axes.map((axis) => own[axis]!),
          axes.map((axis) => shape[axis]!),
        )
      : undefined;
  };
}

function toSight(reaches: readonly Reach[], lengths: Shape): Sight | undefined {
  if (reaches.some(({ low }) => Number.isNaN(low))) return undefined;
  return {
    receptiveField: reaches.map(({ low, high }) => Math.ceil(high - low + 1)),
    stride: reaches.every(({ axis }) => axis === undefined) ? [] : reaches.map(({ jump }) => jump),
    whole: reaches.every(
      ({ low, high, axis }, i) => axis === undefined && low <= 0 && high >= (lengths[i] ?? Infinity) - 1,
    ),
  };
}

function sum(values: readonly (number | undefined)[]): number | undefined {
  return values.reduce<number | undefined>(
    (total, value) => (total === undefined || value === undefined ? undefined : total + value),
    0,
  );
}

const bytesOf: Partial<Record<tf.DataType, number>> = { bool: 1, complex64: 8 };

/** Numbers of four bytes, without the batch. */
function bytesOfShapes(shapes: readonly Shape[]): number | undefined {
  const bytes = shapes.reduce((total, shape) => total + 4 * product(shape.slice(1)), 0);
  return Number.isNaN(bytes) ? undefined : bytes;
}

function countWeights(weights: tf.layers.Layer["weights"]): ParameterCount {
  let count = 0;
  let bytes = 0;
  for (const { shape, dtype } of new Set(weights)) {
    const size = shape.reduce<number>((all, length) => all * (length ?? 1), 1);
    count += size;
    bytes += size * (bytesOf[dtype] ?? 4);
  }
  return { count, bytes };
}
