import type { File, Group } from "h5wasm/node";
import { InputError } from "../../errors.ts";
import { tf } from "../../tensorflow/tf.ts";
import type { Config, Described } from "./config.ts";
import { fromKerasConfig } from "./fromKerasConfig.ts";
import {
  findGroup,
  groupAt,
  readHdf5,
  readStrings,
  readText,
  readWeight,
  writeHdf5,
  writeStrings,
  writeWeight,
} from "./hdf5.ts";
import type { Weight } from "./hdf5.ts";
import { readLayer, setWeights, variablesOf, type LayerWeights } from "./modelWeights.ts";
import { kerasNames, toKerasConfig } from "./toKerasConfig.ts";
import { compileFrom, toTrainingConfig } from "./trainingConfig.ts";

/** The version whose form of HDF5 file is written; Keras 3 reads it as well. */
const kerasVersion = "2.15.0";

interface SavedLayer {
  name: string;
  weights: Weight[];
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

/** Weights of a file for the layers of a model: one after the other, whatever their names, as Keras does. */
function matchLayers(model: tf.LayersModel, saved: SavedLayer[], who: string): LayerWeights[] {
  const layers = model.layers.filter((layer) => variablesOf(layer).length > 0);
  if (layers.length !== saved.length) {
    const expected = `${layers.length} layers with weights (${layers.map(({ name }) => name).join(", ")})`;
    const found = `${saved.length} (${saved.map(({ name }) => name).join(", ")})`;
    throw new InputError({ who, expected, found, fix: "build the model that the file was saved from" });
  }
  return layers.map((layer, index) => ({
    layer,
    savedName: saved[index]!.name,
    weights: saved[index]!.weights,
  }));
}

/** Where the weights are: in a file of a whole model below `model_weights`. */
function weightsGroup(file: File, path: string, who: string): Group {
  const group = findGroup(file, "model_weights") ?? file;
  if (readStrings(group, "layer_names").length > 0) return group;
  throw new InputError({ who, expected: "weights that Keras saved", found: `${path} without layer_names` });
}

/** Sets a model's weights from an `.h5` or `.hdf5` file of weights or of a whole model. */
export async function loadLegacyWeights(model: tf.LayersModel, path: string, who: string): Promise<void> {
  const plan = await readHdf5(path, who, (file) =>
    matchLayers(model, readLayers(weightsGroup(file, path, who), who), who),
  );
  setWeights(plan, who);
}

function parse<T>(text: string, path: string): T {
  try {
    return JSON.parse(text) as T;
  } catch (cause) {
    throw new InputError({
      who: "loadModel",
      expected: "a model described in JSON",
      found: `${path}, damaged`,
      cause,
    });
  }
}

async function buildModel(config: Config, path: string): Promise<tf.LayersModel> {
  try {
    return await tf.models.modelFromJSON(config as unknown as Parameters<typeof tf.models.modelFromJSON>[0]);
  } catch (cause) {
    const { message } = cause as Error;
    const layer = /Unknown layer: (\w+)/.exec(message)?.[1];
    const found = layer === undefined ? `${path} (${message})` : `a layer of class ${layer} in ${path}`;
    throw new InputError({ who: "loadModel", expected: "a model of TensorFlow.js's layers", found, cause });
  }
}

/** Makes the model that an `.h5` or `.hdf5` file describes, with its weights, compiled where the file says how. */
export async function loadLegacyModel(path: string): Promise<tf.LayersModel> {
  const who = "loadModel";
  const { config, training, layers } = await readHdf5(path, who, (file) => {
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
    const training = readText(file, "training_config");
    return { config, training, layers: readLayers(weightsGroup(file, path, who), who) };
  });
  const model = await buildModel(fromKerasConfig(parse<Described>(config, path)), path);
  try {
    setWeights(matchLayers(model, layers, who), who);
  } catch (error) {
    model.dispose();
    throw error;
  }
  if (training !== undefined && !compileFrom(model, parse<Config>(training, path))) {
    process.stdout.write(
      `loadModel: ${path} is not compiled: it was trained with what TensorFlow.js has not\n`,
    );
  }
  return model;
}

async function collect(
  model: tf.LayersModel,
): Promise<{ name: string; paths: string[]; weights: Weight[] }[]> {
  const names = kerasNames(model);
  return Promise.all(
    model.layers.map(async (layer) => {
      const name = names.get(layer.name)!;
      const read = await readLayer(layer);
      const paths = read.map(({ path }) => `${name}/${path}:0`);
      return { name, paths, weights: read.map(({ weight }) => weight) };
    }),
  );
}

function fillWeights(group: Group, layers: Awaited<ReturnType<typeof collect>>): void {
  group.create_attribute("backend", "tensorflow");
  group.create_attribute("keras_version", kerasVersion);
  writeStrings(
    group,
    "layer_names",
    layers.map(({ name }) => name),
  );
  for (const { name, paths, weights } of layers) {
    const layer = group.create_group(name);
    writeStrings(layer, "weight_names", paths);
    paths.forEach((path, index) => writeWeight(layer, path, weights[index]!));
  }
}

/** Writes a model's weights as Keras 2 does: `save_weights("x.h5")`. */
export async function saveLegacyWeights(model: tf.LayersModel, path: string): Promise<void> {
  const layers = await collect(model);
  await writeHdf5(path, (file) => fillWeights(file, layers));
}

/** Writes a whole model as Keras' `save("x.h5")`: description, training, weights. */
export async function saveLegacyModel(model: tf.LayersModel, path: string): Promise<void> {
  const layers = await collect(model);
  const config = toKerasConfig(model);
  const training = toTrainingConfig(model);
  await writeHdf5(path, (file) => {
    file.create_attribute("backend", "tensorflow");
    file.create_attribute("keras_version", kerasVersion);
    file.create_attribute("model_config", JSON.stringify(config));
    if (training) file.create_attribute("training_config", JSON.stringify(training));
    fillWeights(file.create_group("model_weights"), layers);
  });
}
