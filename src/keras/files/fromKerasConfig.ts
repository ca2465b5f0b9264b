import { InputError } from "../../errors.ts";
import { isConfig, isDescribed, isModel, type Config, type Described, type ModelConfig } from "./config.ts";
import { describing, layerRules, usual } from "./layerRules.ts";
import { isKeras3Call, nodesFrom, type Reference, type Siblings } from "./nodes.ts";
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
  GroupQueryAttention: "GroupedQueryAttention",
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
    if (typeof name !== "string") return name;
    if (name.includes("float")) return "float32";
    return /^u?int/.test(name) ? "int32" : name;
  }
  if (key.endsWith("activation")) {
    const name = activationName(value);
    return typeof name === "string" ? (reading.activations[name] ?? name) : name;
  }
  if (key === "activity_regularizer" && value !== null && value !== undefined) {
    const name = isDescribed(value) ? value.class_name : JSON.stringify(value);
    process.stdout.write(`loadModel: ${reading.path} is read without the activity regularizer ${name}\n`);
    return null;
  }
  if (key === "axis" && Array.isArray(value) && value.length === 1) return value[0] as unknown;
  if (key === "distribution" && value === "untruncated_normal") return "normal";
  if (isDescribed(value) && (key === "layer" || key === "backward_layer")) {
    // Bidirectional sets it to what it computes anyway; the other wrappers have no masks.
    const config = { ...value.config, zero_output_for_mask: false };
    return convertLayer({ ...value, config }, reading);
  }
  if (key === "cell") return isDescribed(value) ? convertLayer(value, reading) : value;
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

/** The class of a layer in TensorFlow.js' words. */
const classOf = ({ class_name: name }: Described): string => classNames[name] ?? name.replace(/^.*>/, "");

/** A layer, with the calls that its file has of it. */
function convertLayer(entry: Described, reading: Reading, siblings: Siblings = new Map()): Described {
  const className = classOf(entry);
  try {
    const operation = operationFromKeras(entry);
    // Ours has its settings in the words of TensorFlow.js already.
    if (operation || className === "Operation") return operation ?? entry;
    const nodes = nodesFrom({ ...entry, class_name: className }, siblings);
    const place = {
      ...(entry.name !== undefined && { name: entry.name }),
      ...(nodes && { inbound_nodes: nodes }),
    };
    if (isModel(entry)) {
      return { ...place, class_name: className, config: convertModel(entry, className, reading) };
    }
    const { classFor, fromKeras = (config: Config) => config, ...rule } = layerRules[className] ?? {};
    const config = fromKeras(convert(entry.config, reading, rule));
    return { ...place, class_name: classFor?.(entry.config) ?? className, config };
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

type Shift = (reference: Reference) => Reference;

const byOne = ([layer, node, ...rest]: Reference): Reference => [layer, node + 1, ...rest];

/**
 * Counts the calls of models as TensorFlow.js does, where the model itself is the first. In calls of Keras 3 the first is 0;
 * among the outputs it is 1 for a functional model and 0 for a sequential one. Where Keras 2 wrote the calls, it counted from 1,
 * except for some models: from 0 where the number of calls itself does not occur.
 */
function shiftsOf(
  config: ModelConfig,
  converted: readonly Described[],
): { ofCalls: Shift; ofOutputs: Shift } {
  const models = config.layers.filter(isModel);
  const nameOf = (entry: Described) => entry.name as string;
  const shifting =
    (names: readonly string[]): Shift =>
    (reference) =>
      names.includes(reference[0]) ? byOne(reference) : reference;
  const isKeras3 = config.layers.some(({ inbound_nodes: nodes }) => [nodes].flat().some(isKeras3Call));
  if (isKeras3) {
    const sequential = models.filter((entry) => classOf(entry) === "Sequential");
    return { ofCalls: shifting(models.map(nameOf)), ofOutputs: shifting(sequential.map(nameOf)) };
  }
  const callsOf = ({ inbound_nodes: nodes }: Described) => (nodes ?? []) as Reference[][];
  const outputs = listOfTensors(config.output_layers ?? []) as Reference[];
  const references = [...converted.flatMap((layer) => callsOf(layer).flat()), ...outputs];
  const fromZero = models.map(nameOf).filter((name) => {
    const { length } = callsOf(converted.find((layer) => nameOf(layer) === name)!);
    return !references.some(([layer, node]) => layer === name && node === length);
  });
  return { ofCalls: shifting(fromZero), ofOutputs: shifting(fromZero) };
}

function convertModel(
  entry: Described & { config: ModelConfig },
  className: string,
  reading: Reading,
): Config {
  const { config } = entry;
  const layers = className === "Sequential" ? withoutInput(config.layers, config) : config.layers;
  const siblings = new Map(layers.map((layer) => [layer.name as string, layer]));
  const converted = layers.map((layer) => convertLayer(layer, reading, siblings));
  const { ofCalls, ofOutputs } = shiftsOf(config, converted);
  const outputs = listOfTensors(config.output_layers) as Reference[] | undefined;
  return {
    name: config.name,
    ...(config.trainable === false && { trainable: false }),
    layers: converted.map((layer) => {
      const nodes = layer.inbound_nodes as Reference[][] | undefined;
      return nodes ? { ...layer, inbound_nodes: nodes.map((node) => node.map(ofCalls)) } : layer;
    }),
    ...(config.input_layers !== undefined && { input_layers: listOfTensors(config.input_layers) }),
    ...(outputs !== undefined && { output_layers: outputs.map(ofOutputs) }),
  };
}

/** Names of layers as TensorFlow.js takes them: without spaces, and of Latin letters. */
const plainName = (name: string): string => name.replace(/[^-\w./]/g, "_").replace(/^[^A-Za-z\d]/, "x$&");

/** A described model whose layers have plain names, wherever they are named. */
function withPlainNames<Part>(part: Part, names: ReadonlyMap<string, string>): Part {
  if (typeof part === "string") return (names.get(part) ?? part) as Part;
  if (Array.isArray(part)) return part.map((item: unknown) => withPlainNames(item, names)) as Part;
  if (!isConfig(part)) return part;
  return Object.fromEntries(
    Object.entries(part).map(([key, value]) => [key, withPlainNames(value, names)]),
  ) as Part;
}

/** The names of all layers that need another one, and of the model. */
function namesToChange(entry: Described): [name: string, plain: string][] {
  const own = String(entry.config.name);
  const inner = isModel(entry) ? entry.config.layers.flatMap(namesToChange) : [];
  return own === plainName(own) ? inner : [[own, plainName(own)], ...inner];
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
  const names = new Map(namesToChange(named));
  return convertLayer(names.size > 0 ? withPlainNames(named, names) : named, { activations, path });
}
