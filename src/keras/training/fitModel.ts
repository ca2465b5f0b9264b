import type { tf } from "../../tensorflow/tf.ts";
import { withWeights, type Tensors } from "./batches.ts";
import { fromTensors, splitSources, type BatchSource } from "./batchSource.ts";
import { checkCount } from "./checkCount.ts";
import { orderBatch } from "./orderBatch.ts";
import { toClassWeights } from "./sampleWeights.ts";
import { trainable } from "./trainableModel.ts";
import { trainAsTfjs } from "./trainAsTfjs.ts";

const who = "model.fit";

/**
 * What TensorFlow.js's `model.fit` does, with its options, callbacks and history, over the steps that `fit` has: rows are
 * gathered within them, and they run on another thread. Weights of samples are taken too. A line of progress is written where
 * `verbose` is asked for.
 */
export async function fitModel(
  model: tf.LayersModel,
  x: Tensors,
  y: Tensors,
  options: tf.ModelFitArgs = {},
): Promise<tf.History> {
  const { epochs = 1, shuffle = true, initialEpoch = 0, validationSplit = 0, verbose = 0 } = options;
  const { classWeight, sampleWeight, stepsPerEpoch } = options;
  const batchSize = options.batchSize ?? 32;
  checkCount(who, "batchSize", batchSize);
  const inner = trainable(model, who);
  const classWeights = classWeight && toClassWeights(classWeight, inner.outputNames, who);
  const sourceOptions = { batchSize, shuffle, classWeights, who };
  const inOrder = { batchSize, shuffle: false, who };

  const data = orderBatch(inner, withWeights(x, y, sampleWeight), sourceOptions);
  let source: BatchSource;
  let validation: BatchSource | undefined;
  const given = options.validationData ?? [];
  if (given.length === 0 && validationSplit > 0 && validationSplit < 1)
    [source, validation] = splitSources(inner, data, validationSplit, sourceOptions, inOrder);
  else {
    source = fromTensors(inner, data, sourceOptions);
    if (given.length > 0) {
      const held = orderBatch(inner, withWeights(...(given as [Tensors, Tensors])), inOrder);
      validation = fromTensors(inner, held, inOrder);
    }
  }

  const run = { who, model, inner, source, validation, stepsPerEpoch };
  return trainAsTfjs(
    run,
    { ...options, epochs, initialEpoch, verbose },
    { samples: source.samples!, batchSize },
  );
}
