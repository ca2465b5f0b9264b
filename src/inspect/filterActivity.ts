import { tf } from "../tensorflow/tf.ts";
import { graphReader } from "./graphReader.ts";
import { layerOutputs, type LayerOutput, type LayerSelection } from "./layerOutputs.ts";
import { openModel, type ModelGraph } from "./modelGraph.ts";
import { toBatch, type Pictures } from "./modelInputs.ts";

/** How often the channels of a layer say something. */
export interface FilterActivity {
  name: string;
  shape: number[];
  channels: number;
  /** For each channel the share of the pictures in which it says something. */
  active: number[];
  /** For each channel its largest number. */
  largest: number[];
  /** The channels that say nothing about any picture. */
  dead: number[];
  /** The channels that gave numbers which are not finite: they are not dead, but broken. */
  broken: number[];
}

interface ActivityOptions {
  /** Default: the layers with an activation function that is neither linear nor softmax. */
  layers?: LayerSelection | undefined;
  /** Pictures that go through the model at once. */
  batchSize: number;
  /** Numbers that differ by no more than this count as the same. */
  threshold: number;
  who: string;
}

/**
 * Counts in how many pictures each channel says something: a map that is not the same number everywhere; a number alone that is not 0.
 *
 * @throws InputError for pictures that do not fit the model, or a layer that is not there
 */
export function readFilterActivity(
  model: tf.LayersModel,
  pictures: Pictures,
  { layers, batchSize, threshold, who }: ActivityOptions,
): { layers: FilterActivity[]; count: number } {
  const graph = openModel(model, who);
  const outputs = chooseOutputs(graph, layers, who);
  const read = graphReader(
    graph,
    outputs.map(({ slot }) => slot),
  );
  const counts = outputs.map(({ shape }) => new Array<number>(shape.at(-1)!).fill(0));
  const largest = outputs.map(({ shape }) => new Array<number>(shape.at(-1)!).fill(-Infinity));
  const batch = toBatch(model, pictures, who);
  const count = batch[0]!.shape[0];
  try {
    for (let start = 0; start < count; start += batchSize) {
      const size = Math.min(batchSize, count - start);
      const results = tf.tidy(() =>
        read(batch.map((tensor) => tensor.slice(start, size))).flatMap((tensor) =>
          judgeMaps(tensor, threshold),
        ),
      );
      outputs.forEach((_, i) => {
        const [active, peaks] = [results[2 * i]!.dataSync(), results[2 * i + 1]!.dataSync()];
        active.forEach((times, channel) => (counts[i]![channel]! += times));
        peaks.forEach((peak, channel) => (largest[i]![channel] = Math.max(largest[i]![channel]!, peak)));
      });
      tf.dispose(results);
    }
  } finally {
    tf.dispose(batch);
  }
  return {
    count,
    layers: outputs.map(({ name, shape }, i) => ({
      ...{ name, shape: shape.slice(1) as number[], channels: counts[i]!.length },
      ...{ active: counts[i]!.map((times) => times / count), largest: largest[i]! },
      dead: counts[i]!.flatMap((times, channel) => (times === 0 ? [channel] : [])),
      broken: largest[i]!.flatMap((peak, channel) => (Number.isFinite(peak) ? [] : [channel])),
    })),
  };
}

/** Per channel: in how many pictures of the batch it says something, and its largest number. */
function judgeMaps(tensor: tf.Tensor, threshold: number): [tf.Tensor, tf.Tensor] {
  const channels = tensor.shape.at(-1)!;
  const maps = tensor.reshape([tensor.shape[0], -1, channels]);
  const highest = maps.max(1);
  const isSingle = maps.shape[1] === 1;
  const spread = isSingle ? highest.abs() : highest.sub(maps.min(1));
  const speaks = spread.greater(threshold).logicalOr(spread.isNaN());
  return [speaks.sum(0), tf.where(spread.isFinite(), highest, NaN).max(0)];
}

function chooseOutputs(graph: ModelGraph, layers: LayerSelection | undefined, who: string): LayerOutput[] {
  const outputs = layerOutputs(graph, { layers, who });
  if (layers !== undefined) return outputs;
  const chosen = outputs.filter(({ layer }) => isNonlinear(layer));
  return chosen.length > 0 ? chosen : outputs;
}

const rectifiers = ["ReLU", "LeakyReLU", "ELU", "PReLU", "ThresholdedReLU"];

function isNonlinear(layer: tf.layers.Layer): boolean {
  if (rectifiers.includes(layer.getClassName())) return true;
  const { activation } = layer.getConfig() as { activation?: unknown };
  const name = typeof activation === "string" ? activation : undefined;
  return name !== undefined && name !== "linear" && name !== "softmax";
}
