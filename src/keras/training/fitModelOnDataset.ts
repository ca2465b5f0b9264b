import { InputError } from "../../errors.ts";
import type { tf } from "../../tensorflow/tf.ts";
import type { BatchData, BatchTuple } from "./batches.ts";
import { batchSource, firstOf, type BatchSource } from "./batchSource.ts";
import { checkCount } from "./checkCount.ts";
import { toClassWeights, type ClassWeights } from "./sampleWeights.ts";
import type { CallbackOptions } from "./tfjsCallbacks.ts";
import { trainable, type TrainableModel } from "./trainableModel.ts";
import { trainAsTfjs } from "./trainAsTfjs.ts";

const who = "fitDataset";

/** Options of `model.fitDataset`, as TensorFlow.js names them. */
export interface DatasetOptions extends CallbackOptions {
  epochs: number;
  /** Batches of an epoch; the dataset goes on from one epoch to the next. Default: all of the dataset. */
  batchesPerEpoch?: number;
  initialEpoch?: number;
  validationData?: BatchData | BatchTuple;
  /** Samples in a batch of validation data that are tensors. Default 32. */
  validationBatchSize?: number;
  /** Batches of the validation data. Default: all. */
  validationBatches?: number;
  classWeight?: ClassWeights;
  verbose?: 0 | 1 | 2;
  signal?: AbortSignal;
}

/** The batches of a dataset that goes on from one epoch to the next, so many for each, as long as there are some. */
function inParts(source: BatchSource, steps: number): BatchSource {
  const batches = source.epoch();
  return {
    ...source,
    steps,
    async *epoch() {
      for (let step = 0; step < steps; step++) {
        const next = await batches.next();
        if (next.done) {
          const fix = "let the dataset repeat()";
          process.stderr.write(`convoscope: ${who}: the dataset has ended before ${steps} batches; ${fix}\n`);
          return;
        }
        yield next.value;
      }
    },
    dispose() {
      void batches.return();
      source.dispose();
    },
  };
}

function validationSource(
  model: TrainableModel,
  { validationData, validationBatchSize = 32, validationBatches }: DatasetOptions,
): BatchSource | undefined {
  if (validationData === undefined) return undefined;
  const options = { batchSize: validationBatchSize, shuffle: false, who };
  return firstOf(batchSource(model, validationData, options), validationBatches);
}

/** What TensorFlow.js's `model.fitDataset` does, over the steps that `fit` has. Batches may have a `sampleWeight`. */
export async function fitModelOnDataset(
  model: tf.LayersModel,
  dataset: BatchData,
  options: DatasetOptions,
): Promise<tf.History> {
  const { epochs, batchesPerEpoch, initialEpoch = 0, classWeight, verbose = 0 } = options;
  checkCount(who, "epochs", epochs);
  checkCount(who, "batchesPerEpoch", batchesPerEpoch ?? 1);
  checkCount(who, "validationBatches", options.validationBatches ?? 1);
  if ("validationSplit" in options) {
    const fix = "split the dataset with take() and skip()";
    throw new InputError({ who, expected: "validationData", found: "validationSplit", fix });
  }
  const inner = trainable(model, who);
  const classWeights = classWeight && toClassWeights(classWeight, inner.outputNames, who);
  const all = batchSource(inner, dataset, { batchSize: 32, shuffle: false, classWeights, who });
  const source = batchesPerEpoch === undefined ? all : inParts(all, batchesPerEpoch);
  const run = { who, model, inner, source, validation: validationSource(inner, options) };
  return trainAsTfjs(
    { ...run, stepsPerEpoch: undefined },
    { ...options, epochs, initialEpoch, verbose },
    { samples: null, batchSize: null },
  );
}
