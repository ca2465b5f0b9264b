import type { Config, Described } from "./config.ts";

/** The form in which a model is described: that of Keras 2's HDF5 files, or of Keras 3's archives. */
export type Dialect = 2 | 3;

/** What is special about a class of layers between Keras and TensorFlow.js; keys and values in Keras' spelling. */
export interface LayerRule {
  /** Settings of Keras that TensorFlow.js' layer has although most others have not. */
  knows?: readonly string[];
  /** The class that reads this configuration, if it is another one. */
  classFor?: (config: Config) => string;
  /** Keras 2's or 3's settings as TensorFlow.js wants them. Throws a text that says what cannot be. */
  fromKeras?: (config: Config) => Config;
  /** What TensorFlow.js writes, as this version of Keras reads it. Throws a text that says what cannot be. */
  toKeras?: (config: Config, dialect: Dialect) => Config;
  /** Whether TensorFlow.js' own layer of these settings computes something else than Keras'. */
  otherwise?: (config: Config) => boolean;
  /** Where Keras has the class, if that is not among its layers. */
  module?: string;
  /** The class in Keras, if it is another one. */
  kerasClass?: string;
}

const without = (config: Config, ...keys: string[]): Config =>
  Object.fromEntries(Object.entries(config).filter(([key]) => !keys.includes(key)));

function renamed(config: Config, from: string, to: string): Config {
  if (!(from in config)) return config;
  return { ...without(config, from), [to]: config[from] };
}

/** TensorFlow.js writes the settings of the cell a second time beside those of the layer. */
const ofRnn = [
  "name",
  "trainable",
  "cell",
  "return_sequences",
  "return_state",
  "go_backwards",
  "stateful",
  "unroll",
];
const onlyRnn = (config: Config): Config =>
  Object.fromEntries(Object.entries(config).filter(([key]) => ofRnn.includes(key)));

/** A layer that Keras called forward_x gets its prefix again. The one for the way back is said where it is another one. */
function bothWays(config: Config): Config {
  const layer = config.layer as Described;
  const back = config.backward_layer as Described | undefined;
  const name = String(layer.config.name).replace(/^forward_/, "");
  const forward = { ...config, layer: { ...layer, config: { ...layer.config, name } } };
  const settings = ({ class_name: className, config: own }: Described, goesBack: unknown) =>
    JSON.stringify([className, { ...without(own, "name"), go_backwards: goesBack }]);
  const isCopy = !back || settings(back, back.config.go_backwards) === settings(layer, true);
  return isCopy ? without(forward, "backward_layer") : forward;
}

/** Leaves a setting out where the file says nothing with it. */
const withoutNull =
  (key: string) =>
  (config: Config): Config =>
    config[key] === null ? without(config, key) : config;

function notCausal(config: Config): Config {
  if (config.padding === "causal") throw new Error("padding causal");
  return config;
}

export const layerRules: Readonly<Record<string, LayerRule>> = {
  ReLU: { knows: ["max_value", "negative_slope", "threshold"] },
  LeakyReLU: {
    knows: ["negative_slope"],
    fromKeras: (config) => renamed(config, "negative_slope", "alpha"),
    toKeras: (config, dialect) => (dialect === 2 ? config : renamed(config, "alpha", "negative_slope")),
  },
  // Keras 3 has the class no longer; its ReLU, and that of Keras 2, compute the same.
  ThresholdedReLU: { kerasClass: "ReLU", toKeras: (config) => renamed(config, "theta", "threshold") },
  ...Object.fromEntries(
    ["Conv1D", "Conv2D", "Conv3D", "GroupNormalization"].map((name): [string, LayerRule] => [
      name,
      { knows: ["groups"] },
    ]),
  ),
  ...Object.fromEntries(
    ["1D", "2D", "3D"].map((rank): [string, LayerRule] => [
      `Conv${rank}Transpose`,
      { knows: ["output_padding"], fromKeras: withoutNull("output_padding") },
    ]),
  ),
  DepthwiseConv1D: { fromKeras: notCausal },
  SeparableConv1D: { fromKeras: notCausal },
  // Layers of Keras' own applications.
  GroupedQueryAttention: { module: "keras.src.layers.attention.grouped_query_attention" },
  LayerScale: { module: "keras.src.applications.convnext" },
  StochasticDepth: { module: "keras.src.applications.convnext" },
  CustomScaleLayer: { module: "keras.src.applications.inception_resnet_v2" },
  ...Object.fromEntries(
    ["1D", "2D", "3D"].flatMap((rank): [string, LayerRule][] => [
      [`GlobalAveragePooling${rank}`, { knows: ["keepdims"] }],
      [`GlobalMaxPooling${rank}`, { knows: ["keepdims"] }],
    ]),
  ),
  GRU: { classFor: ({ reset_after: resetAfter }) => (resetAfter === true ? "ResetAfterGRU" : "GRU") },
  GRUCell: {
    classFor: ({ reset_after: resetAfter }) => (resetAfter === true ? "ResetAfterGRUCell" : "GRUCell"),
  },
  ResetAfterGRU: { kerasClass: "GRU" },
  ResetAfterGRUCell: { kerasClass: "GRUCell" },
  UpSampling2D: { otherwise: ({ interpolation }) => interpolation === "bilinear" },
  Resizing: { knows: ["crop_to_aspect_ratio", "pad_to_aspect_ratio"], otherwise: () => true },
  Cropping1D: { toKeras: (config) => without(config, "data_format") },
  UpSampling1D: { toKeras: (config) => without(config, "data_format") },
  // What has boundaries needs no count of them.
  Discretization: {
    fromKeras: (config) => without(config, "num_bins", "epsilon"),
    toKeras: (config) => without(config, "trainable"),
  },
  RNN: { toKeras: onlyRnn },
  ...Object.fromEntries(
    ["ConvLSTM1D", "ConvLSTM2D", "ConvLSTM2DCell"].map((name): [string, LayerRule] => [
      name,
      { toKeras: (config) => without(config, "implementation") },
    ]),
  ),
  ...Object.fromEntries(
    ["1D", "2D", "3D"].map((rank): [string, LayerRule] => [
      `SpatialDropout${rank}`,
      { toKeras: (config) => without(config, "noise_shape", "trainable") },
    ]),
  ),
  Bidirectional: { fromKeras: bothWays },
  RandomWidth: {
    toKeras: () => {
      throw new Error("as Keras 3 has no such layer");
    },
  },
};

/** Entries of a description that say nothing about the layer. */
export const describing: ReadonlySet<string> = new Set([
  ...["module", "registered_name", "build_config", "compile_config", "build_input_shape", "shared_object_id"],
  // How fast, how random, how masked: what is computed stays the same.
  ...["use_cudnn", "implementation", "_name", "time_major"],
  ...["renorm_clipping", "renorm_momentum", "input_axes", "output_axes", "lora_alpha"],
]);

/** Settings that TensorFlow.js' layers have not, at the values at which nothing is lost. */
export const usual: ReadonlyMap<string, readonly unknown[]> = new Map<string, readonly unknown[]>([
  ...[
    "optional",
    "ragged",
    "sparse",
    "synchronized",
    "renorm",
    "rms_scaling",
    "keepdims",
    "reset_after_",
    "zero_output_for_mask",
  ].map((key): [string, unknown[]] => [key, [false, null]]),
  ...["quantization_config", "lora_rank", "sliding_window", "flash_attention"].map(
    (key): [string, unknown[]] => [key, [null]],
  ),
  ["groups", [1, null]],
  ["antialias", [false]],
  ["crop_to_aspect_ratio", [false]],
  ["pad_to_aspect_ratio", [false]],
  ["sparse_output", [false]],
]);
