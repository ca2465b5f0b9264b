import type { tf } from "../../tensorflow/tf.ts";
import { isModel, snakeCase, type Config, type Described, type ModelConfig } from "./config.ts";
import type { Layer } from "./modelWeights.ts";

/** A layer that is itself a model. */
export function asModel(layer: Layer): tf.LayersModel | undefined {
  return "layers" in layer ? (layer as unknown as tf.LayersModel) : undefined;
}

/** The class of a layer in Keras' words. */
export function kerasClass(layer: Layer): string {
  const name = layer.getClassName();
  return name === "Model" ? "Functional" : name;
}

/**
 * The names that a model's layers have in a file. TensorFlow.js names a layer `conv2d_Conv2D7` when the user does not;
 * Keras would say `conv2d`, `conv2d_1` and so on, and so does the file. Names that the user chose stay.
 */
export function kerasNames(model: tf.LayersModel): Map<string, string> {
  const automatic = (layer: Layer) => {
    const stem = snakeCase(layer.getClassName());
    return layer.name.startsWith(`${stem}_${layer.getClassName()}`) ? stem : undefined;
  };
  const taken = new Set(model.layers.filter((layer) => !automatic(layer)).map((layer) => layer.name));
  const fresh = (stem: string) => {
    for (let count = 0; ; count++) {
      const name = count === 0 ? stem : `${stem}_${count}`;
      if (!taken.has(name)) {
        taken.add(name);
        return name;
      }
    }
  };
  return new Map(
    model.layers.map((layer) => {
      const stem = automatic(layer);
      // A slash separates groups in HDF5, and Keras allows none in a name.
      return [layer.name, stem === undefined ? layer.name.replaceAll("/", "_") : fresh(stem)];
    }),
  );
}

/** What TensorFlow.js forgets to write, or writes and Keras does not know. */
function completeLayer(entry: Described, layer: Layer, name: string): Described {
  const isInput = entry.class_name === "InputLayer";
  const known = ([key, value]: [string, unknown]) =>
    isInput ||
    !(["batch_input_shape", "input_dtype"].includes(key) || (key === "noise_shape" && value === null));
  const config: Config = Object.fromEntries(Object.entries(entry.config).filter(known));
  const own = layer as unknown as { depthMultiplier?: number };
  if (own.depthMultiplier !== undefined) config.depth_multiplier = own.depthMultiplier;
  return { class_name: entry.class_name, config: { ...config, name } };
}

type Reference = [string, ...unknown[]];

function toKerasModel(entry: Described & { config: ModelConfig }, model: tf.LayersModel): Described {
  const names = kerasNames(model);
  const rename = ([layer, ...rest]: Reference): Reference => [names.get(layer) ?? layer, ...rest];
  const layers = entry.config.layers.map((layerEntry, index) => {
    const layer = model.layers[index]!;
    const name = names.get(layer.name)!;
    const inner = asModel(layer);
    const converted =
      inner && isModel(layerEntry)
        ? renamed(toKerasModel(layerEntry, inner), name)
        : completeLayer(layerEntry, layer, name);
    const nodes = layerEntry.inbound_nodes as Reference[][] | undefined;
    return nodes ? { ...converted, name, inbound_nodes: nodes.map((node) => node.map(rename)) } : converted;
  });
  if (entry.class_name === "Sequential") {
    const shape = model.inputs[0]!.shape;
    const input = { batch_input_shape: shape, dtype: "float32", sparse: false, name: "input_layer" };
    // TensorFlow.js keeps an input layer that the user added among the layers.
    const described =
      layers[0]?.class_name === "InputLayer"
        ? layers
        : [{ class_name: "InputLayer", config: input }, ...layers];
    return { class_name: "Sequential", config: { name: model.name, layers: described } };
  }
  const config: Config = {
    name: model.name,
    layers,
    input_layers: (entry.config.input_layers as Reference[]).map(rename),
    output_layers: (entry.config.output_layers as Reference[]).map(rename),
  };
  return { class_name: "Functional", config };
}

const renamed = (entry: Described, name: string): Described => ({
  ...entry,
  config: { ...entry.config, name },
});

/**
 * A model as Keras 2 and Keras 3 read it from an HDF5 file. Initializers are the ones that TensorFlow.js used: its default
 * for convolutions and dense layers is a truncated Glorot normal, and the file says so.
 */
export function toKerasConfig(model: tf.LayersModel): Described {
  return toKerasModel(model.toJSON(null, false) as unknown as Described & { config: ModelConfig }, model);
}
