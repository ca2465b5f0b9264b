import { InputError } from "../../errors.ts";
import { isConfig, isDescribed, isModel, type Config, type Described, type ModelConfig } from "./config.ts";

/** Entries that Keras 3 added and that say nothing at their usual values. */
const dropped = new Set([
  ...[
    "module",
    "registered_name",
    "build_config",
    "compile_config",
    "build_input_shape",
    "optional",
    "ragged",
  ],
  ...["synchronized", "renorm", "renorm_clipping", "renorm_momentum", "quantization_config", "input_axes"],
  ...["output_axes", "lora_rank", "lora_alpha", "use_cudnn", "groups", "shared_object_id", "_name"],
]);

/** Names of Keras' classes and functions where TensorFlow.js has another one. */
const classNames: Record<string, string> = {
  Model: "Functional",
  BatchNormalizationV1: "BatchNormalization",
  BatchNormalizationV2: "BatchNormalization",
  OrthogonalInitializer: "Orthogonal",
};
const activations: Record<string, string> = { silu: "swish" };

/** An initializer, a regularizer or a wrapped layer. TensorFlow.js has Keras' L1 and L2 only together. */
function convertObject({ class_name: name, config }: Described): Described {
  if (name !== "L1" && name !== "L2") return { class_name: name, config: convert(config) };
  return { class_name: "L1L2", config: { l1: config.l1 ?? 0, l2: config.l2 ?? 0 } };
}

function convertValue(key: string, value: unknown): unknown {
  if (key === "dtype") {
    // A policy; what is computed in half precision there is computed in float32 here.
    const name = isDescribed(value) ? value.config.name : value;
    return typeof name === "string" && name.includes("float") ? "float32" : name;
  }
  if (key.endsWith("activation")) {
    const name = isConfig(value)
      ? typeof value.config === "string"
        ? value.config
        : value.class_name
      : value;
    return typeof name === "string" ? (activations[name] ?? name) : name;
  }
  if (key === "axis" && Array.isArray(value) && value.length === 1) return value[0];
  if (key === "distribution" && value === "untruncated_normal") return "normal";
  if (isDescribed(value)) {
    if (isModel(value)) return convertLayer(value);
    return convertObject({ ...value, class_name: classNames[value.class_name] ?? value.class_name });
  }
  return isConfig(value) ? convert(value) : value;
}

function convert(config: Config): Config {
  return Object.fromEntries(
    Object.entries(config)
      .filter(([key]) => !dropped.has(key))
      .map(([key, value]) => [key === "batch_shape" ? "batch_input_shape" : key, convertValue(key, value)]),
  );
}

/** Keras 3's tensors of a call, `{"class_name": "__keras_tensor__"}`, as `[layer, node, tensor, {}]`. */
function tensorsOf(argument: unknown): unknown[] {
  if (Array.isArray(argument)) return argument.flatMap(tensorsOf);
  if (!isDescribed(argument) || argument.class_name !== "__keras_tensor__") return [];
  return [[...(argument.config.keras_history as unknown[]), {}]];
}

function convertNode(node: unknown): unknown {
  return isConfig(node) && "args" in node ? tensorsOf(node.args) : node;
}

/** `["dense", 0, 0]` and `[["dense", 0, 0]]` are the same list of one tensor. */
const listOfTensors = (value: unknown) =>
  Array.isArray(value) && typeof value[0] === "string" ? [value] : value;

/** A sequential model without its input layer: TensorFlow.js wants the shape at the first layer. */
function withoutInput(layers: Described[], config: Config): Described[] {
  const [first, ...rest] = layers;
  const hasInput = first?.class_name === "InputLayer";
  const shape = hasInput
    ? (first.config.batch_shape ?? first.config.batch_input_shape)
    : config.build_input_shape;
  const [next, ...others] = hasInput ? rest : layers;
  if (next === undefined || shape === undefined || isModel(next) || "batch_input_shape" in next.config) {
    return hasInput ? rest : layers;
  }
  return [{ ...next, config: { ...next.config, batch_input_shape: shape } }, ...others];
}

function convertLayer(entry: Described): Described {
  const className = classNames[entry.class_name] ?? entry.class_name;
  if (isModel(entry))
    return { ...position(entry), class_name: className, config: convertModel(entry, className) };
  if ((entry.config.groups ?? 1) !== 1) {
    const found = `groups ${JSON.stringify(entry.config.groups)} in ${JSON.stringify(entry.config.name)}`;
    throw new InputError({ who: "loadModel", expected: "convolutions without groups", found });
  }
  return { ...position(entry), class_name: className, config: convert(entry.config) };
}

/** Where a layer of a functional model stands. */
function position({ name, inbound_nodes: nodes }: Described): Config {
  return {
    ...(name !== undefined && { name }),
    ...(Array.isArray(nodes) && { inbound_nodes: nodes.map(convertNode) }),
  };
}

function convertModel(entry: Described & { config: ModelConfig }, className: string): Config {
  const { config } = entry;
  const layers = className === "Sequential" ? withoutInput(config.layers, config) : config.layers;
  return {
    name: config.name,
    layers: layers.map(convertLayer),
    ...(config.input_layers !== undefined && { input_layers: listOfTensors(config.input_layers) }),
    ...(config.output_layers !== undefined && { output_layers: listOfTensors(config.output_layers) }),
  };
}

/**
 * The `model_config` of a Keras 2 or Keras 3 file as TensorFlow.js reads it: what `tf.models.modelFromJSON` takes.
 *
 * @throws InputError for what TensorFlow.js cannot express
 */
export function fromKerasConfig(entry: Described): Config {
  // Keras 1 wrote the layers of a sequential model without a name around them.
  const layers = entry.config as unknown;
  const named = Array.isArray(layers)
    ? { ...entry, config: { name: "sequential", layers: layers as Described[] } }
    : entry;
  if (!isModel(named)) {
    const expected = "a Sequential or functional model";
    throw new InputError({ who: "loadModel", expected, found: `class ${entry.class_name}` });
  }
  return convertLayer(named);
}
