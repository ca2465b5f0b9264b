import { InputError } from "../errors.ts";
import { tf } from "../tensorflow/tf.ts";
import { evaluateOutputs, layerOutputs, type LayerOutput } from "./layerOutputs.ts";
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
  const [output] =
    layer === undefined ? [featureOutput(model, who)] : layerOutputs(model, { layers: [layer], who });
  const rows = evaluateInBatches(model, [output!], { pictures, batchSize, who });
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

/** Outputs for many pictures, `batchSize` at a time: tensors `[n, …]`, which the caller disposes. */
export function evaluateInBatches(
  model: tf.LayersModel,
  outputs: readonly LayerOutput[],
  { pictures, batchSize, who }: { pictures: Pictures; batchSize: number; who: string },
): tf.Tensor[] {
  return tf.tidy(() => {
    const all = toBatch(model, pictures, who);
    const count = all[0]!.shape[0];
    const parts: tf.Tensor[][] = [];
    for (let start = 0; start < count; start += batchSize) {
      const size = Math.min(batchSize, count - start);
      parts.push(
        tf.tidy(() =>
          evaluateOutputs(
            model,
            outputs,
            all.map((tensor) => tensor.slice(start, size)),
          ),
        ),
      );
    }
    return outputs.map((_, i) =>
      parts.length === 1 ? parts[0]![i]! : tf.concat(parts.map((part) => part[i]!)),
    );
  });
}

/** What the last layer with weights takes: the model's own description of a picture, before it decides. */
function featureOutput(model: tf.LayersModel, who: string): LayerOutput {
  const outputs = layerOutputs(model, { layers: undefined, who });
  const last =
    outputs.findLast(({ layer }) => layer.weights.length > 0 && !("layers" in layer)) ?? outputs.at(-1)!;
  const [tensor] = last.inputs;
  if (tensor === undefined)
    throw new InputError({ who, expected: "layer: the one whose output is taken", found: "none" });
  const source = tensor.sourceLayer;
  return { ...last, name: source.name, className: source.getClassName(), layer: source, tensor };
}
