import { InputError } from "../errors.ts";
import { tf } from "../tensorflow/tf.ts";
import { graphReader } from "./graphReader.ts";
import { layerOutputs, outputAt, type LayerOutput } from "./layerOutputs.ts";
import { openModel, type ModelGraph } from "./modelGraph.ts";
import { toBatch, type Pictures } from "./modelInputs.ts";

/** A row of numbers for each of several things. */
export interface Features {
  values: Float32Array;
  /** How many rows. */
  count: number;
  /** How many numbers a row has. */
  size: number;
}

interface FeatureOptions {
  /** The layer whose output is taken, by name or index. Default: what the last layer with weights takes. */
  layer?: string | number | undefined;
  /** Pictures that go through the model at once. Default 64. */
  batchSize?: number | undefined;
  who: string;
}

/**
 * What a layer makes of pictures, a row of numbers for each picture.
 *
 * @throws InputError for pictures that do not fit the model, or a layer that is not there
 */
export function readFeatures(
  model: tf.LayersModel,
  pictures: Pictures,
  { layer, batchSize = 64, who }: FeatureOptions,
): Features & { layer: string } {
  const graph = openModel(model, who);
  const [output] =
    layer === undefined ? [featureOutput(graph, who)] : layerOutputs(graph, { layers: [layer], who });
  const rows = evaluateInBatches(graph, [output!], { pictures, batchSize, who });
  try {
    return { ...toFeatures(rows[0]!), layer: output!.name };
  } finally {
    tf.dispose(rows);
  }
}

/** The numbers of a tensor, a row for each entry of its first axis. */
export function toFeatures(tensor: tf.Tensor): Features {
  const [count = 0] = tensor.shape;
  return { values: new Float32Array(tensor.dataSync()), count, size: count === 0 ? 0 : tensor.size / count };
}

/** @throws InputError for numbers that are not finite: they have no distances */
export function checkFinite({ values }: Features, who: string): void {
  if (values.every(Number.isFinite)) return;
  throw new InputError({ who, expected: "finite features", found: "NaN or infinite ones" });
}

/** Outputs for many pictures, `batchSize` at a time: tensors `[n, …]`, which the caller disposes. */
export function evaluateInBatches(
  graph: ModelGraph,
  outputs: readonly LayerOutput[],
  { pictures, batchSize, who }: { pictures: Pictures; batchSize: number; who: string },
): tf.Tensor[] {
  const read = graphReader(
    graph,
    outputs.map(({ slot }) => slot),
  );
  return tf.tidy(() => {
    const all = toBatch(graph.model, pictures, who);
    const count = all[0]!.shape[0];
    const parts: tf.Tensor[][] = [];
    for (let start = 0; start < count; start += batchSize) {
      const size = Math.min(batchSize, count - start);
      parts.push(tf.tidy(() => read(all.map((tensor) => tensor.slice(start, size)))));
    }
    return outputs.map((_, i) =>
      parts.length === 1 ? parts[0]![i]! : tf.concat(parts.map((part) => part[i]!)),
    );
  });
}

/** What the last layer with weights takes: the model's own description of a picture, before it decides. */
function featureOutput(graph: ModelGraph, who: string): LayerOutput {
  const outputs = layerOutputs(graph, { layers: undefined, who });
  const last =
    outputs.findLast(({ layer }) => layer.weights.length > 0 && !("layers" in layer)) ?? outputs.at(-1)!;
  // Of a nested model's output, it is the model that is named.
  const site = graph.sites.findLast(({ slot }) => slot === last.inputs[0]);
  if (site !== undefined) return outputAt(site);
  throw new InputError({ who, expected: "layer: the one whose output is taken", found: "none" });
}
