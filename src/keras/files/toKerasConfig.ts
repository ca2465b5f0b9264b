import { InputError } from "../../errors.ts";
import { tf } from "../../tensorflow/tf.ts";
import { isConfig, isDescribed, isModel, type Config, type Described, type ModelConfig } from "./config.ts";
import { kerasNames } from "./kerasNames.ts";
import { asModel } from "./layerClass.ts";
import { layerRules, type Dialect, type LayerRule } from "./layerRules.ts";
import type { Layer } from "./modelWeights.ts";
import type { Reference } from "./nodes.ts";
import { callsIn, callToKeras, needsNames } from "./nodesToKeras.ts";
import { operationToKeras } from "./operationConfig.ts";

/** Where Keras 3 looks for a class, by the name of the setting that holds it. */
function moduleOf(key: string): string {
  if (key.endsWith("initializer")) return "keras.initializers";
  if (key.endsWith("regularizer")) return "keras.regularizers";
  if (key.endsWith("constraint")) return "keras.constraints";
  return "keras.layers";
}

/** Names of functions where Keras has another one. */
const activations: Record<string, string> = { swish: "silu", hard_sigmoid3: "hard_sigmoid" };

/**
 * Functions that Keras 3 has not; its own hard_sigmoid is another one. They are written so that Keras asks for them: in Python
 * `custom_objects={"hard_sigmoid2": lambda x: keras.ops.clip(0.2 * x + 0.5, 0, 1)}` is the answer.
 */
const custom: Record<string, string> = { hard_sigmoid: "hard_sigmoid2", gelu_new: "gelu_new" };

function activationOf(name: string, dialect: Dialect): unknown {
  const own = custom[name];
  if (own === undefined) return activations[name] ?? name;
  if (dialect === 2) return name;
  return { module: "builtins", class_name: "function", config: own, registered_name: own };
}

const isLayer = (key: string) => ["layer", "backward_layer", "cell", "cells"].includes(key);

function convertValue(key: string, value: unknown, dialect: Dialect): unknown {
  if (key.endsWith("activation") && typeof value === "string") return activationOf(value, dialect);
  if (Array.isArray(value))
    return value.map((item: unknown) => (isConfig(item) ? convertValue(key, item, dialect) : item));
  if (!isDescribed(value)) return value;
  // Keras 3 looks for a module around a layer inside another one also in the files of Keras 2.
  if (isLayer(key)) return convertInner(value, dialect);
  const object = { class_name: value.class_name, config: value.config };
  return dialect === 2 ? object : { module: moduleOf(key), ...object, registered_name: null };
}

/** A layer inside another one; it may be a model. */
function convertInner(value: Described, dialect: Dialect): Described {
  if (!isModel(value)) return { ...inKeras3, ...convertEntry(value, dialect) };
  if (value.class_name !== "Sequential") return convertInnerGraph(value, dialect);
  const [first] = value.config.layers;
  const { batch_input_shape: shape, dtype } = first?.config ?? {};
  const input = {
    class_name: "InputLayer",
    config: { batch_input_shape: shape, dtype, sparse: false, name: "input_layer" },
  };
  const described =
    first?.class_name === "InputLayer" ? value.config.layers : [input, ...value.config.layers];
  const layers = described.map((layer) => convertInner(layer, dialect));
  return {
    module: "keras",
    class_name: value.class_name,
    config: { name: value.config.name, layers },
    registered_name: null,
  };
}

/** A functional model inside a layer; Keras 3 reads its calls as Keras 2 wrote them, too. */
function convertInnerGraph({ config }: { config: ModelConfig }, dialect: Dialect): Described {
  const layers = config.layers.map((layer) => ({
    ...convertInner(layer, dialect),
    name: layer.name,
    inbound_nodes: layer.inbound_nodes,
  }));
  return {
    module: "keras.src.models.functional",
    class_name: "Functional",
    config: {
      ...config,
      layers,
      input_layers: oneOrList(config.input_layers as Reference[]),
      output_layers: oneOrList(config.output_layers as Reference[]),
    },
    registered_name: null,
  };
}

const inKeras3 = { module: "keras.layers", registered_name: null };

/** A layer without its place in the model. */
function convertEntry({ class_name: written, config: own }: Described, dialect: Dialect): Described {
  const rule = layerRules[written] ?? {};
  const { toKeras = (config: Config) => config, kerasClass: className = written, module } = rule;
  const isInput = written === "InputLayer";
  const known = ([key, value]: [string, unknown]) =>
    isInput ||
    !(["batch_input_shape", "input_dtype"].includes(key) || (key === "noise_shape" && value === null));
  const complete = Object.fromEntries(
    Object.entries(own)
      .filter(known)
      // The first layer has the type of the inputs here; in Keras it is what it computes in.
      .map(
        ([key, value]) =>
          [key, key === "dtype" && value === "int32" && !isInput ? "float32" : value] as const,
      )
      .map(([key, value]) => [key, convertValue(key, value, dialect)]),
  );
  const config = describe(written, complete, toKeras, dialect);
  if (dialect === 2) return { class_name: className, config };
  const { batch_input_shape: shape, ...rest } = config;
  const described = { class_name: className, config: isInput ? { ...rest, batch_shape: shape } : config };
  return { ...inKeras3, ...described, ...(module !== undefined && { module, registered_name: className }) };
}

function describe(
  className: string,
  config: Config,
  toKeras: NonNullable<LayerRule["toKeras"]>,
  dialect: Dialect,
): Config {
  try {
    return toKeras(config, dialect);
  } catch (error) {
    const found = `${className} ${JSON.stringify(config.name)} ${(error as Error).message}`;
    const fix = "save as model.json, or the weights alone";
    throw new InputError({ who: "saveModel", expected: "layers that Keras has", found, fix, cause: error });
  }
}

/** A model as TensorFlow.js describes it, with what it forgets. */
export function describeModel(model: tf.LayersModel): Described & { config: ModelConfig } {
  const entry = model.toJSON(null, false) as unknown as Described & { config: ModelConfig };
  const layers = entry.config.layers.map((described, index) => complete(described, model.layers[index]!));
  return { ...entry, config: { ...entry.config, layers } };
}

function complete(entry: Described, layer: Layer): Described {
  const inner = asModel(layer);
  const { depthMultiplier } = layer as unknown as { depthMultiplier?: number };
  if (inner) return { ...entry, config: describeModel(inner).config };
  if (depthMultiplier === undefined) return entry;
  return { ...entry, config: { ...entry.config, depth_multiplier: depthMultiplier } };
}

/** A layer under its name in the file. */
function named(entry: Described, layer: Layer, name: string): Described {
  const className = layer.getClassName();
  const config = { ...entry.config, name };
  const [registered] = tf.serialization.SerializationMap.getMap().classNameMap[className] ?? [];
  if (registered !== layer.constructor && layerRules[className]?.otherwise?.(config)) {
    const found = `${className} "${name}" of TensorFlow.js, which measures from the corners of pixels`;
    const fix = "take the layer of that name from layers";
    throw new InputError({ who: "saveModel", expected: "layers that Keras has", found, fix });
  }
  return { class_name: className, config };
}

function toKerasModel(
  entry: Described & { config: ModelConfig },
  model: tf.LayersModel,
  name: string,
  dialect: Dialect,
): Described {
  const names = kerasNames(model);
  const models = model.layers.filter(asModel);
  const renaming =
    (fromZero: readonly Layer[]) =>
    ([name, node, ...rest]: Reference): Reference => [
      names.get(name) ?? name,
      fromZero.some((layer) => layer.name === name) ? node - 1 : node,
      ...rest,
    ];
  // In TensorFlow.js the model itself comes before its calls. Keras 3 counts the calls from 0; but among outputs, those of a
  // functional model from 1.
  const rename = renaming(models);
  const renameOutput = renaming(models.filter((layer) => layer.getClassName() === "Sequential"));
  const nodesOf = (layerEntry: Described) => (layerEntry.inbound_nodes ?? []) as Reference[][];
  const isNamed =
    dialect === 3 ||
    models.length > 0 ||
    entry.config.layers.some((layerEntry, index) =>
      nodesOf(layerEntry).some((node) => needsNames(model.layers[index]!, node)),
    );
  const layers = entry.config.layers.map((layerEntry, index) => {
    const layer = model.layers[index]!;
    const layerName = names.get(layer.name)!;
    const inner = asModel(layer);
    const calls = callsIn(model, layer);
    if (layerEntry.class_name === "Operation") {
      return operationToKeras(layerEntry, calls[0]!, layerName, nodesOf(layerEntry)[0]!.map(rename));
    }
    const converted =
      inner && isModel(layerEntry)
        ? toKerasModel(layerEntry, inner, layerName, dialect)
        : convertEntry(named(layerEntry, layer, layerName), dialect);
    const nodes = layerEntry.inbound_nodes as Reference[][] | undefined;
    if (!nodes) return converted;
    const renamed = nodes.map((node) => node.map(rename));
    return {
      ...converted,
      name: layerName,
      inbound_nodes: isNamed ? renamed.map((node, at) => callToKeras(layer, node, calls[at]!)) : renamed,
    };
  });
  const place = (module: string) => (dialect === 2 ? {} : { module, registered_name: null });
  if (entry.class_name === "Sequential") {
    // TensorFlow.js keeps an input layer that the user added among the layers.
    const described = layers[0]?.class_name === "InputLayer" ? layers : [inputOf(model, dialect), ...layers];
    return { ...place("keras"), class_name: "Sequential", config: { name, layers: described } };
  }
  const config: Config = {
    name,
    layers,
    input_layers: oneOrList((entry.config.input_layers as Reference[]).map(rename)),
    output_layers: oneOrList((entry.config.output_layers as Reference[]).map(renameOutput)),
  };
  return { ...place("keras.src.models.functional"), class_name: "Functional", config };
}

/** Keras 3 gives a list of results where a file has a list, also of one. */
const oneOrList = (references: Reference[]) => (references.length === 1 ? references[0] : references);

function inputOf(model: tf.LayersModel, dialect: Dialect): Described {
  const [input] = model.inputs;
  const config = { batch_input_shape: input!.shape, dtype: input!.dtype, sparse: false, name: "input_layer" };
  return convertEntry({ class_name: "InputLayer", config }, dialect);
}

/**
 * A model as Keras reads it: in the form of Keras 2, which Keras 3 reads as well, for HDF5 files, or of Keras 3. Initializers
 * are the ones that TensorFlow.js used: its default for convolutions and dense layers is a truncated Glorot normal, and the
 * file says so.
 */
export function toKerasConfig(model: tf.LayersModel, dialect: Dialect = 2): Described {
  return toKerasModel(describeModel(model), model, model.name, dialect);
}
