import { readFile, rename } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { atomicWriteFile, makeDirectory } from "../../atomicWrite.ts";
import { InputError } from "../../errors.ts";
import { tf } from "../../tensorflow/tf.ts";
import { buildModel } from "./buildModel.ts";
import { isConfig, isDescribed, parseJson, type Config, type Described } from "./config.ts";
import { fromKerasConfig } from "./fromKerasConfig.ts";
import type { LoadOptions } from "./legacyHdf5.ts";
import { matchNamed, namedSources, setWeights, type MatchOptions, type NamedWeight } from "./modelWeights.ts";
import { readManifest, writeShards, type Manifest, type Written } from "./tfjsShards.ts";
import { describeModel } from "./toKerasConfig.ts";
import { nameSlots } from "../compiled/optimizerUpdates.ts";
import { compileFrom, optimizerFromTfjs, toTfjsTraining, toTrainingConfig } from "./trainingConfig.ts";
import { sourceOf } from "./weight.ts";

async function readJson(path: string, who: string): Promise<Config> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new InputError({ who, expected: "a model.json", found: `no such file: ${path}`, cause });
  });
  const json = parseJson<Config>(text, path);
  if (json.format === "graph-model") {
    const fix = "load it with tf.loadGraphModel";
    throw new InputError({ who, expected: "a model of layers", found: `${path}, a graph`, fix });
  }
  return json;
}

/** Where the description is: on its own as Keras' `to_json()` gives it, or in TensorFlow.js's file, there once more wrapped. */
function topologyOf(json: Config, path: string): { entry: Described; version: string } {
  const outer = isConfig(json.modelTopology) ? json.modelTopology : json;
  const entry = isDescribed(outer) ? outer : outer.model_config;
  if (!isDescribed(entry)) {
    throw new InputError({ who: "loadModel", expected: "a model described in JSON", found: path });
  }
  return { entry, version: typeof outer.keras_version === "string" ? outer.keras_version : "2" };
}

/** Makes the model of a `model.json` and the files of weights beside it; of a mere description, with new weights. */
export async function loadTfjsModel(
  path: string,
  { customObjects, compile = true }: LoadOptions,
): Promise<tf.LayersModel> {
  const who = "loadModel";
  const json = await readJson(path, who);
  const { entry, version } = topologyOf(json, path);
  const manifest = json.weightsManifest as Manifest[] | undefined;
  const saved = manifest && (await readManifest(manifest, path, who));
  const options = { path, initialize: saved === undefined, ...(customObjects && { customObjects }) };
  const model = await buildModel(fromKerasConfig(entry, path, version), options);
  if (saved === undefined) return model;
  try {
    setWeights(matchNamed(model, saved.weights, { who }), { who });
    const training = json.trainingConfig;
    if (
      compile &&
      isConfig(training) &&
      compileFrom(model, training, path, optimizerFromTfjs) &&
      saved.optimizer.length > 0
    ) {
      await restore(model, saved.optimizer);
    }
    return model;
  } catch (error) {
    model.dispose();
    throw error;
  }
}

async function restore(model: tf.LayersModel, saved: readonly NamedWeight[]): Promise<void> {
  const tensors = saved.map(({ name, weight }) => ({
    name,
    tensor: tf.tensor(weight.read(), weight.shape, "float32"),
  }));
  await model.optimizer.setWeights(tensors);
  tf.dispose(tensors.map(({ tensor }) => tensor));
  const trained = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
  nameSlots(model.optimizer, trained);
}

/** Sets a model's weights from the files beside a `model.json`. */
export async function loadTfjsWeights(
  model: tf.LayersModel,
  path: string,
  options: MatchOptions,
): Promise<void> {
  const { weightsManifest } = await readJson(path, options.who);
  if (weightsManifest === undefined) {
    throw new InputError({
      who: options.who,
      expected: "files of weights",
      found: `${path}, a description alone`,
    });
  }
  const { weights } = await readManifest(weightsManifest as Manifest[], path, options.who);
  setWeights(matchNamed(model, weights, options), options);
}

async function optimizerWeights(model: tf.LayersModel): Promise<{ written: Written[]; done: () => void }> {
  const weights = await model.optimizer.getWeights();
  const written = weights.map(({ name, tensor }): Written => ({
    spec: { name, shape: tensor.shape, dtype: tensor.dtype, group: "optimizer" },
    source: sourceOf(tensor),
  }));
  // The count of steps is a tensor made for us; the others are the optimizer's own.
  return { written, done: () => weights[0]?.tensor.dispose() };
}

/** Writes a model as TensorFlow.js does: a `model.json`, and its weights in files of 4 MB beside it. */
export async function saveTfjsModel(
  model: tf.LayersModel,
  path: string,
  { includeOptimizer = true }: { includeOptimizer?: boolean },
): Promise<void> {
  const training = includeOptimizer ? toTrainingConfig(model) : undefined;
  const trains = training !== undefined && model.optimizer.iterations > 0;
  const optimizer = trains ? await optimizerWeights(model) : { written: [], done: () => undefined };
  const written: Written[] = [
    ...namedSources(model).map(({ name, source }): Written => ({
      spec: { name, shape: source.shape, dtype: "float32" },
      source,
    })),
    ...optimizer.written,
  ];
  const directory = dirname(path);
  await makeDirectory(directory);
  const shards = await writeShards(directory, written).finally(optimizer.done);
  const json = {
    format: "layers-model",
    generatedBy: "convoscope",
    convertedBy: null,
    modelTopology: describeModel(model),
    ...(training && { trainingConfig: toTfjsTraining(model, training) }),
    weightsManifest: [
      { paths: shards.map(([, name]) => basename(name)), weights: written.map(({ spec }) => spec) },
    ],
  };
  for (const [temporary, name] of shards) await rename(temporary, name);
  await atomicWriteFile(path, JSON.stringify(json));
}
