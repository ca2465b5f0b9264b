import type { File, Group } from "h5wasm/node";
import { InputError } from "../../errors.ts";
import type { tf } from "../../tensorflow/tf.ts";
import { buildModel, type CustomObjects } from "./buildModel.ts";
import { parseJson, toJson, type Config, type Described } from "./config.ts";
import { fromKerasConfig } from "./fromKerasConfig.ts";
import { findGroup, groupAt, readHdf5, readStrings, readText, writeHdf5, writeStrings } from "./hdf5.ts";
import { readWeight, writeWeight } from "./hdf5Weights.ts";
import { kerasNames } from "./kerasNames.ts";
import { matchLayers, setWeights, sourcesOf, type MatchOptions, type SavedLayer } from "./modelWeights.ts";
import { readState, restoreState, stateOf, writeLegacyState } from "./optimizerState.ts";
import { toKerasConfig } from "./toKerasConfig.ts";
import { compileFrom, toTrainingConfig } from "./trainingConfig.ts";

/** The version whose form of HDF5 file is written; Keras 3 reads it as well. */
const kerasVersion = "2.15.0";

/** The same, where the version decides what is computed: `hard_sigmoid` is another function in Keras 3. */
function versionFor(model: tf.LayersModel): string {
  return JSON.stringify(model.toJSON(null, false)).includes('"hard_sigmoid3"') ? "3.0.0" : kerasVersion;
}

/** The layers of a file that have weights, in the model's order. */
function readLayers(group: Group, who: string): SavedLayer[] {
  return readStrings(group, "layer_names")
    .map((name) => {
      const layer = groupAt(group, name, who);
      return {
        name,
        weights: readStrings(layer, "weight_names").map((path) => readWeight(layer, path, who)),
      };
    })
    .filter(({ weights }) => weights.length > 0);
}

/** Where the weights are: in a file of a whole model below `model_weights`. */
function weightsGroup(file: File, path: string, who: string): Group {
  const group = findGroup(file, "model_weights") ?? file;
  if (readStrings(group, "layer_names").length > 0) return group;
  throw new InputError({ who, expected: "weights that Keras saved", found: `${path} without layer_names` });
}

function takeWeights(model: tf.LayersModel, file: File, path: string, options: MatchOptions): void {
  const saved = readLayers(weightsGroup(file, path, options.who), options.who);
  setWeights(matchLayers(model.layers, saved, { ...options, names: kerasNames(model) }), options);
}

/** Sets a model's weights from an `.h5` or `.hdf5` file of weights or of a whole model. */
export async function loadLegacyWeights(
  model: tf.LayersModel,
  path: string,
  options: MatchOptions,
): Promise<void> {
  await readHdf5(path, options.who, (file) => takeWeights(model, file, path, options));
}

/** How a model is loaded. */
export interface LoadOptions {
  customObjects?: CustomObjects;
  compile?: boolean;
}

/** Makes the model that an `.h5` or `.hdf5` file describes, with its weights, compiled where the file says how. */
export async function loadLegacyModel(
  path: string,
  { customObjects, compile = true }: LoadOptions,
): Promise<tf.LayersModel> {
  const who = "loadModel";
  return readHdf5(path, who, async (file) => {
    const config = readText(file, "model_config");
    if (config === undefined) {
      const fix = "build the model and use loadWeights(model, path)";
      throw new InputError({
        who,
        expected: "a whole model",
        found: `${path}, which holds only weights`,
        fix,
      });
    }
    const version = readText(file, "keras_version") ?? "1";
    const described = fromKerasConfig(parseJson<Described>(config, path), path, version);
    const model = await buildModel(described, { path, ...(customObjects && { customObjects }) });
    try {
      takeWeights(model, file, path, { who });
      const training = compile ? readText(file, "training_config") : undefined;
      if (training !== undefined) {
        const state = findGroup(file, "optimizer_weights");
        if (compileFrom(model, parseJson<Config>(training, path), path) && state) {
          restoreState(model, readState(state, readStrings(state, "weight_names"), who), path);
        }
      }
      return model;
    } catch (error) {
      model.dispose();
      throw error;
    }
  });
}

async function fillWeights(group: Group, model: tf.LayersModel): Promise<void> {
  const names = kerasNames(model);
  const layers = model.layers.map((layer) => ({ name: names.get(layer.name)!, sources: sourcesOf(layer) }));
  group.create_attribute("backend", "tensorflow");
  group.create_attribute("keras_version", kerasVersion);
  writeStrings(
    group,
    "layer_names",
    layers.map(({ name }) => name),
  );
  for (const { name, sources } of layers) {
    const layer = group.create_group(name);
    const named = sources.map(({ path, source }) => ({ path: `${name}/${path}:0`, source }));
    writeStrings(
      layer,
      "weight_names",
      named.map(({ path }) => path),
    );
    for (const { path, source } of named) await writeWeight(layer, path, source);
  }
}

/** Writes a model's weights as Keras 2 does: `save_weights("x.h5")`. */
export async function saveLegacyWeights(model: tf.LayersModel, path: string): Promise<void> {
  await writeHdf5(path, (file) => fillWeights(file, model));
}

/** Writes a whole model as Keras' `save("x.h5")`: description, training, weights, state of the optimizer. */
export async function saveLegacyModel(
  model: tf.LayersModel,
  path: string,
  { includeOptimizer = true }: { includeOptimizer?: boolean },
): Promise<void> {
  const config = toKerasConfig(model);
  const training = includeOptimizer ? toTrainingConfig(model) : undefined;
  const state = training && (await stateOf(model));
  await writeHdf5(path, async (file) => {
    file.create_attribute("backend", "tensorflow");
    file.create_attribute("keras_version", versionFor(model));
    file.create_attribute("model_config", toJson(config));
    if (training) file.create_attribute("training_config", toJson(training));
    await fillWeights(file.create_group("model_weights"), model);
    if (state) await writeLegacyState(file.create_group("optimizer_weights"), state);
  });
}
