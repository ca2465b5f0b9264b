import { randomUUID } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { open, readFile, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { atomicWriteFile, makeDirectory } from "../../atomicWrite.ts";
import { InputError } from "../../errors.ts";
import { tf } from "../../tensorflow/tf.ts";
import { buildModel } from "./buildModel.ts";
import { isConfig, isDescribed, parseJson, type Config, type Described } from "./config.ts";
import { fromKerasConfig } from "./fromKerasConfig.ts";
import type { LoadOptions } from "./legacyHdf5.ts";
import { matchNamed, namedSources, setWeights, type MatchOptions, type NamedWeight } from "./modelWeights.ts";
import { toFloat32, type NumberArray } from "./numbers.ts";
import { describeModel } from "./toKerasConfig.ts";
import { nameSlots } from "../compiled/optimizerUpdates.ts";
import { compileFrom, optimizerFromTfjs, toTfjsTraining, toTrainingConfig } from "./trainingConfig.ts";
import { sourceOf, type WeightSource } from "./weight.ts";

type Spec = tf.io.WeightsManifestEntry;

interface Manifest {
  paths: string[];
  weights: Spec[];
}

/** A file of weights is at most so long, as a browser fetches several at once. */
const shardBytes = 4 << 20;

const arrayOf: Record<string, new (buffer: ArrayBuffer) => NumberArray> = {
  float32: Float32Array,
  int32: Int32Array,
  uint16: Uint16Array,
  float16: Uint16Array,
  uint8: Uint8Array,
  bool: Uint8Array,
};

/** A file of weights, and which bytes of its group it holds. */
interface Shard {
  path: string;
  start: number;
  length: number;
}

async function shardsOf(paths: string[], directory: string, who: string): Promise<Shard[]> {
  let start = 0;
  const shards: Shard[] = [];
  for (const name of paths) {
    const path = join(directory, name);
    const length = (await stat(path).catch(() => undefined))?.size;
    if (length === undefined)
      throw new InputError({ who, expected: "a file of weights", found: `no such file: ${path}` });
    shards.push({ path, start, length });
    start += length;
  }
  return shards;
}

function readBytes(shards: readonly Shard[], start: number, length: number): ArrayBuffer {
  const bytes = new Uint8Array(length);
  for (const shard of shards) {
    const from = Math.max(start, shard.start);
    const to = Math.min(start + length, shard.start + shard.length);
    if (from >= to) continue;
    const file = openSync(shard.path, "r");
    try {
      readSync(file, bytes, from - start, to - from, from - shard.start);
    } finally {
      closeSync(file);
    }
  }
  return bytes.buffer;
}

function weightOf(
  spec: Spec,
  shards: readonly Shard[],
  start: number,
  length: number,
): NamedWeight["weight"] {
  const { quantization, shape } = spec;
  const stored = quantization?.dtype ?? spec.dtype;
  return {
    shape,
    mayFail: false,
    read() {
      const numbers = new arrayOf[stored]!(readBytes(shards, start, length));
      const values = toFloat32(numbers, stored === "float16" ? "float16" : undefined);
      const { scale, min } = quantization ?? {};
      return scale === undefined ? values : values.map((value) => value * scale + min!);
    },
  };
}

/** The weights of a model, and those of its optimizer. */
async function readManifest(
  manifest: Manifest[],
  path: string,
  who: string,
): Promise<{ weights: NamedWeight[]; optimizer: NamedWeight[] }> {
  const [weights, optimizer]: [NamedWeight[], NamedWeight[]] = [[], []];
  for (const { paths, weights: specs } of manifest) {
    const shards = await shardsOf(paths, dirname(path), who);
    const available = shards.reduce((sum, { length }) => sum + length, 0);
    let start = 0;
    for (const spec of specs) {
      const array = arrayOf[spec.quantization?.dtype ?? spec.dtype];
      if (array === undefined) {
        throw new InputError({
          who,
          expected: "weights of numbers",
          found: `${spec.name} of ${spec.dtype} in ${path}`,
        });
      }
      const { BYTES_PER_ELEMENT: size } = array as unknown as { BYTES_PER_ELEMENT: number };
      const length = tf.util.sizeFromShape(spec.shape) * size;
      const list = spec.group === "optimizer" ? optimizer : weights;
      list.push({ name: spec.name, weight: weightOf(spec, shards, start, length) });
      start += length;
    }
    if (start > available) {
      const found = `${paths.join(", ")} beside ${path}, cut short: ${available} of ${start} bytes`;
      throw new InputError({
        who,
        expected: "whole files of weights",
        found,
        fix: "copy or download them again",
      });
    }
  }
  return { weights, optimizer };
}

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

interface Written {
  spec: Spec;
  source: WeightSource;
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

/** Writes weights one after the other into files of equal length, and returns their names, not yet the final ones. */
async function writeShards(
  directory: string,
  written: readonly Written[],
): Promise<[temporary: string, name: string][]> {
  const bytes = written.reduce((sum, { spec }) => sum + 4 * tf.util.sizeFromShape(spec.shape), 0);
  const count = Math.max(1, Math.ceil(bytes / shardBytes));
  const mark = randomUUID().slice(0, 8);
  const names = Array.from({ length: count }, (_, index): [string, string] => {
    const name = `group1-shard${index + 1}of${count}.bin`;
    return [join(directory, `.${name}.${mark}`), join(directory, name)];
  });
  let file = await open(names[0]![0], "w");
  let [index, room] = [0, shardBytes];
  try {
    for (const { source } of written) {
      for await (const piece of source.pieces()) {
        let rest = new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength);
        while (rest.length > 0) {
          if (room === 0) {
            await file.close();
            file = await open(names[++index]![0], "w");
            room = shardBytes;
          }
          const part = rest.subarray(0, room);
          await file.write(part);
          room -= part.length;
          rest = rest.subarray(part.length);
        }
      }
    }
    return names;
  } catch (error) {
    await Promise.all(names.map(([temporary]) => rm(temporary, { force: true })));
    throw error;
  } finally {
    await file.close();
  }
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
