import type { tf } from "../tensorflow/tf.ts";
import { layerSetting } from "./layerSetting.ts";
import { modelGraph, nestedModel, type LayerCall, type Shape } from "./modelGraph.ts";

/** What a block does, roughly: for its colour. */
export type BlockKind = "input" | "convolution" | "pooling" | "dense" | "merge" | "model" | "other";

/** A layer with those that only change its numbers, not their shape: its activation, normalization and dropout. */
export interface LayerBlock {
  name: string;
  className: string;
  kind: BlockKind;
  /** "3×3 conv /2", "relu", "batch norm" …: what it does, in order. */
  does: string[];
  /** Without the batch; of several outputs the first. */
  shape: Shape;
  /** The blocks that it takes from. */
  inputs: number[];
  /** The nested models that it is in, outermost first. */
  within: string[];
  /** How many layers a nested model has. */
  layers?: number;
}

/**
 * The blocks of a model, each after those it takes from; `undefined` for a model that does not know its input yet.
 *
 * @param options `expandNested`: the layers of nested models instead of one block; `compact`: whether a layer that keeps the
 *   shape is part of the block before it
 */
export function layerBlocks(
  model: tf.LayersModel,
  { expandNested, compact }: { expandNested: boolean; compact: boolean },
): LayerBlock[] | undefined {
  const graph = modelGraph(model, { expand: () => expandNested });
  if (graph === undefined) return undefined;
  const callsBefore = (slots: readonly number[]): number[] => slots.map((slot) => graph.makers[slot]!);
  const uses = new Map<number, number>();
  for (const call of callsBefore([...graph.calls.flatMap(({ inputs }) => inputs), ...graph.outputs])) {
    uses.set(call, (uses.get(call) ?? 0) + 1);
  }
  const blocks: LayerBlock[] = [];
  const blockOf: number[] = [];
  for (const call of graph.calls) {
    const sources = callsBefore(call.inputs);
    const [source, ...others] = sources;
    const joins =
      compact &&
      source !== undefined &&
      others.length === 0 &&
      uses.get(source) === 1 &&
      keepsShape.test(call.layer.getClassName()) &&
      blocks[blockOf[source]!]!.kind !== "input";
    if (joins) {
      const block = blockOf[source]!;
      blocks[block]!.does.push(...doesOf(call));
      blockOf.push(block);
    } else {
      blockOf.push(blocks.length);
      blocks.push(toBlock(call, [...new Set(sources.map((from) => blockOf[from]!))]));
    }
  }
  return blocks;
}

const keepsShape =
  /^(Activation|ReLU|LeakyReLU|PReLU|ELU|ThresholdedReLU|Softmax|BatchNormalization|LayerNormalization|GroupNormalization|Dropout|SpatialDropout\dD|GaussianDropout|GaussianNoise|AlphaDropout)$/;

function toBlock(call: LayerCall, inputs: number[]): LayerBlock {
  const nested = nestedModel(call.layer);
  return {
    name: call.layer.name,
    className: call.layer.getClassName(),
    kind: nested === undefined ? kindOf(call) : "model",
    does: nested === undefined ? doesOf(call) : ["model"],
    shape: call.outputShapes[0]!.slice(1),
    inputs,
    within: call.within.map(({ name }) => name),
    ...(nested && { layers: nested.layers.length }),
  };
}

function kindOf({ layer, inputs }: LayerCall): BlockKind {
  const name = layer.getClassName();
  if (inputs.length === 0) return "input";
  if (inputs.length > 1) return "merge";
  if (name.includes("Conv")) return "convolution";
  if (name.includes("Pooling")) return "pooling";
  return name === "Dense" ? "dense" : "other";
}

const words: Record<string, string> = {
  BatchNormalization: "batch norm",
  LayerNormalization: "layer norm",
  GroupNormalization: "group norm",
  Dense: "dense",
  InputLayer: "input",
  Concatenate: "concatenate",
};

/** What a layer does, in a few words. */
function doesOf({ layer }: LayerCall): string[] {
  const name = layer.getClassName();
  const activation = activationOf(layer);
  if (name === "Activation") return [activation ?? "linear"];
  const kernel = layerSetting(layer, "kernelSize") ?? layerSetting(layer, "poolSize");
  const stride = layerSetting(layer, "strides") ?? [];
  const size = kernel === undefined ? "" : `${kernel.join("×")} `;
  const isPool = layerSetting(layer, "poolSize") !== undefined;
  const moves = stride.some((step, i) => step !== (isPool ? kernel?.[i] : 1));
  const step = moves
    ? ` /${stride.every((one) => one === stride[0]) ? String(stride[0]) : stride.join("×")}`
    : "";
  return [`${size}${wordsOf(name)}${step}`, ...(activation === undefined ? [] : [activation])];
}

function wordsOf(className: string): string {
  if (/^(Separable|Depthwise)?Conv\dD$/.test(className)) {
    return className
      .replace(/^Separable.*/, "separable conv")
      .replace(/^Depthwise.*/, "depthwise")
      .replace(/^Conv.*/, "conv");
  }
  if (/^Conv\dDTranspose$/.test(className)) return "transposed conv";
  if (className.includes("Pooling")) {
    const whole = className.startsWith("Global") ? "global " : "";
    return `${whole}${className.includes("Max") ? "max" : "average"} pool`;
  }
  return (
    words[className] ??
    className
      .replace("ReLU", "Relu")
      .replace(/(?<=[a-z])([A-Z])/g, " $1")
      .replace(/\dD$/, "")
      .toLowerCase()
  );
}

/** The activation that a layer has built in, unless it is none. */
function activationOf(layer: tf.layers.Layer): string | undefined {
  const { activation } = layer as unknown as { activation?: { getClassName?: () => string } };
  const name = activation?.getClassName?.();
  return name === "linear" ? undefined : name;
}
