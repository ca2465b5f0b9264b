import { InputError } from "../../errors.ts";
import { isConfig, isDescribed, isModel, type Config, type Described, type ModelConfig } from "./config.ts";
import { describing, layerRules, usual } from "./layerRules.ts";
import { operationFromKeras } from "./operationConfig.ts";

/** Names of Keras' classes and functions where TensorFlow.js has another one. */
const classNames: Record<string, string> = {
  Model: "Functional",
  BatchNormalizationV1: "BatchNormalization",
  BatchNormalizationV2: "BatchNormalization",
  OrthogonalInitializer: "Orthogonal",
  LecunNormal: "LeCunNormal",
  LecunUniform: "LeCunUniform",
  IdentityInitializer: "Identity",
};

/** What a description is read with. */
interface Reading {
  /** Keras 3 changed what `hard_sigmoid` is. */
  activations: Readonly<Record<string, string>>;
  path: string;
}

const keras2Activations = { silu: "swish", hard_sigmoid2: "hard_sigmoid" };
const keras3Activations = { ...keras2Activations, hard_sigmoid: "hard_sigmoid3" };

/** An initializer, a regularizer or a constraint. TensorFlow.js has Keras' L1 and L2 only together. */
function convertObject({ class_name: name, config }: Described, reading: Reading): Described {
  if (name === "L1" || name === "L2") {
    return { class_name: "L1L2", config: { l1: config.l1 ?? 0, l2: config.l2 ?? 0 } };
  }
  return { class_name: classNames[name] ?? name, config: convert(config, reading, {}) };
}

function activationName(value: unknown): unknown {
  if (!isConfig(value)) return value;
  return typeof value.config === "string" ? value.config : (value.class_name ?? value);
}

function convertValue(key: string, value: unknown, reading: Reading): unknown {
  if (key === "dtype") {
    // A policy; what is computed in half precision there is computed in float32 here.
    const name = isDescribed(value) ? value.config.name : value;
    return typeof name === "string" && name.includes("float") ? "float32" : name;
  }
  if (key.endsWith("activation")) {
    const name = activationName(value);
    return typeof name === "string" ? (reading.activations[name] ?? name) : name;
  }
  if (key === "axis" && Array.isArray(value) && value.length === 1) return value[0] as unknown;
  if (key === "distribution" && value === "untruncated_normal") return "normal";
  if (key === "layer" || key === "cell") return isDescribed(value) ? convertLayer(value, reading) : value;
  if (key === "cells") return (value as Described[]).map((cell) => convertLayer(cell, reading));
  if (isDescribed(value)) return convertObject(value, reading);
  return isConfig(value) ? convert(value, reading, {}) : value;
}

/** Converts each setting, and leaves out those that mean nothing here. */
function convert(config: Config, reading: Reading, { knows = [] }: { knows?: readonly string[] }): Config {
  const entries = Object.entries(config).filter(([key, value]) => {
    if (knows.includes(key)) return true;
    if (describing.has(key)) return false;
    const harmless = usual.get(key);
    if (harmless === undefined) return true;
    if (!harmless.includes(value)) throw new Error(`${key} ${JSON.stringify(value)}`);
    return false;
  });
  return Object.fromEntries(
    entries.map(([key, value]) => [
      key === "batch_shape" ? "batch_input_shape" : key,
      convertValue(key, value, reading),
    ]),
  );
}

/** Keras 3's tensors of a call, `{"class_name": "__keras_tensor__"}`, as `[layer, node, tensor, {}]`. */
function tensorsOf(argument: unknown): unknown[] {
  if (Array.isArray(argument)) return argument.flatMap(tensorsOf);
  if (isDescribed(argument) && argument.class_name === "__keras_tensor__") {
    return [[...(argument.config.keras_history as unknown[]), {}]];
  }
  if (argument === null || argument === undefined) return [];
  throw new Error(`a call with ${JSON.stringify(argument)} among its tensors`);
}

/** What a layer is called on. Keras 3 has arguments with and without names; the state of a recurrent layer has one. */
function convertNode(node: unknown): unknown {
  if (!isConfig(node) || !("args" in node)) return node;
  const { initial_state: state, training } = (node.kwargs ?? {}) as Config;
  const tensors = [...tensorsOf(node.args), ...tensorsOf(state)] as unknown[][];
  const [first, ...rest] = tensors;
  if (first === undefined || typeof training !== "boolean") return tensors;
  return [[...first.slice(0, 3), { training }], ...rest];
}

/** `["dense", 0, 0]` and `[["dense", 0, 0]]` are the same list of one tensor; Keras 3 keeps names of inputs. */
function listOfTensors(value: unknown): unknown {
  if (Array.isArray(value)) return typeof value[0] === "string" ? [value] : value;
  return isConfig(value) ? Object.values(value) : value;
}

/** A sequential model without its input layer: TensorFlow.js wants the shape at the first layer. */
function withoutInput(layers: Described[], config: Config): Described[] {
  const [first, ...rest] = layers;
  const hasInput = first?.class_name === "InputLayer";
  const shape = hasInput
    ? (first.config.batch_shape ?? first.config.batch_input_shape)
    : config.build_input_shape;
  const [next, ...others] = hasInput ? rest : layers;
  if (next === undefined || shape === undefined || isModel(next) || "batch_input_shape" in next.config) {
    return hasInput && next !== undefined ? rest : layers;
  }
  const inputType = hasInput ? { dtype: first.config.dtype } : {};
  return [{ ...next, config: { ...next.config, ...inputType, batch_input_shape: shape } }, ...others];
}

function convertLayer(entry: Described, reading: Reading): Described {
  const className = classNames[entry.class_name] ?? entry.class_name.replace(/^.*>/, "");
  try {
    const operation = operationFromKeras(entry);
    if (operation) return operation;
    if (isModel(entry)) {
      return { ...position(entry), class_name: className, config: convertModel(entry, className, reading) };
    }
    const { classFor, fromKeras = (config: Config) => config, ...rule } = layerRules[className] ?? {};
    const config = fromKeras(convert(entry.config, reading, rule));
    return { ...position(entry), class_name: classFor?.(entry.config) ?? className, config };
  } catch (error) {
    if (error instanceof InputError) throw error;
    const layer = `${className} ${JSON.stringify(entry.config.name)}`;
    throw new InputError({
      who: "loadModel",
      expected: "layers that TensorFlow.js has",
      found: `${layer} with ${(error as Error).message} in ${reading.path}`,
      cause: error,
    });
  }
}

/** Where a layer of a functional model stands. */
function position({ name, inbound_nodes: nodes }: Described): Config {
  return {
    ...(name !== undefined && { name }),
    ...(Array.isArray(nodes) && { inbound_nodes: nodes.map(convertNode) }),
  };
}

type Reference = [layer: string, node: number, ...rest: unknown[]];

/**
 * Counts the calls of models as TensorFlow.js and Keras 2 do: their first node is the model itself. In Keras 3 the first call
 * is 0. A file counts from 1 when its highest number is that of its calls.
 */
function shiftOf(
  layers: readonly [layer: Described, position: Config][],
  config: ModelConfig,
): (tensors: unknown) => unknown {
  const calls = layers.map(([, { inbound_nodes: nodes }]) => (nodes ?? []) as Reference[][]);
  const outputs = listOfTensors(config.output_layers ?? []) as Reference[];
  const references = [...calls.flat(2), ...outputs];
  const fromZero = new Set(
    layers.flatMap(([layer], index) => {
      const count = calls[index]!.length;
      const isOf = ([name, node]: Reference) => name === layer.name && node === count;
      return isModel(layer) && !references.some(isOf) ? [layer.name] : [];
    }),
  );
  return (tensors) =>
    (tensors as Reference[]).map(([layer, node, ...rest]) => [
      layer,
      fromZero.has(layer) ? node + 1 : node,
      ...rest,
    ]);
}

function convertModel(
  entry: Described & { config: ModelConfig },
  className: string,
  reading: Reading,
): Config {
  const { config } = entry;
  const layers = className === "Sequential" ? withoutInput(config.layers, config) : config.layers;
  const shifted = shiftOf(
    layers.map((layer) => [layer, position(operationFromKeras(layer) ?? layer)]),
    config,
  );
  const converted = layers.map((layer): Described => {
    const { inbound_nodes: nodes, ...rest } = convertLayer(layer, reading);
    return { ...rest, ...(Array.isArray(nodes) && { inbound_nodes: nodes.map(shifted) }) };
  });
  return {
    name: config.name,
    ...(config.trainable === false && { trainable: false }),
    layers: converted,
    ...(config.input_layers !== undefined && { input_layers: listOfTensors(config.input_layers) }),
    ...(config.output_layers !== undefined && {
      output_layers: shifted(listOfTensors(config.output_layers)),
    }),
  };
}

/**
 * The description of a model in a Keras 1, 2 or 3 file as TensorFlow.js reads it: what `tf.models.modelFromJSON` takes.
 *
 * @param path the file, for messages
 * @param version of Keras that wrote it
 * @throws InputError for what TensorFlow.js cannot express, naming the layer and what about it
 */
export function fromKerasConfig(entry: Described, path: string, version = "3"): Config {
  // Keras 1 wrote the layers of a sequential model without a name around them.
  const layers = entry.config as unknown;
  const named = Array.isArray(layers)
    ? { ...entry, config: { name: "sequential", layers: layers as Described[] } }
    : entry;
  if (!isModel(named)) {
    const expected = "a Sequential or functional model";
    const fix = "build the model here and use loadWeights(model, path)";
    throw new InputError({ who: "loadModel", expected, found: `class ${entry.class_name} in ${path}`, fix });
  }
  const activations = /^(tfjs|[12]\b)/.test(version) ? keras2Activations : keras3Activations;
  return convertLayer(named, { activations, path });
}
