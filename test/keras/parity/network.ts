import { tf } from "../../../src/tensorflow/tf.ts";
import type { Case, LayerSpec } from "./cases.ts";
import { firstValues, random, take, targetValues } from "./numbers.ts";

type Options = Record<string, unknown>;
type LayerClass = new (options: Options) => tf.layers.Layer;

const camelCase = (name: string) => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** What TensorFlow.js calls otherwise than Keras, beyond camel case. */
const renamed: Record<string, string> = {
  negativeSlope: "alpha",
  logCosh: "logcosh",
  klDivergence: "kullbackLeiblerDivergence",
  cosineSimilarity: "cosineProximity",
};
const tfjsName = (name: string) => renamed[camelCase(name)] ?? camelCase(name);

/** Arguments whose words TensorFlow.js writes in camel case. */
const worded = /activation$/i;

function newLayer([kind, options]: LayerSpec, name: string): tf.layers.Layer {
  const converted: Options = { name };
  for (const [key, value] of Object.entries(options)) {
    converted[tfjsName(key)] = key.endsWith("regularizer")
      ? tf.regularizers.l1l2(value as { l1: number; l2: number })
      : key === "layer"
        ? newLayer(value as LayerSpec, `${name}_inner`)
        : worded.test(key) && typeof value === "string"
          ? wordOf(value)
          : value;
  }
  const known = tf.serialization.SerializationMap.getMap().classNameMap;
  return new (known[kind]![0] as unknown as LayerClass)(converted);
}

/** TensorFlow.js has one activation whose name keeps Keras' spelling. */
const wordOf = (word: string) => (word === "gelu_new" ? word : camelCase(word));

export interface Network {
  model: tf.LayersModel;
  layers: Map<string, tf.layers.Layer>;
}

/** Builds the net of a case, with the first weights that Keras had. */
export function buildNetwork(one: Case): Network {
  const dtype = one.integers === undefined ? "float32" : "int32";
  const shapes = one.inputs ?? { input: one.input! };
  const values = new Map<string, tf.SymbolicTensor>();
  for (const [name, shape] of Object.entries(shapes)) values.set(name, tf.input({ shape, name, dtype }));
  const inputs = [...values.values()];
  const layers = new Map<string, tf.layers.Layer>();
  const nodes = one.nodes ?? stack(one.layers!);
  for (const [name, [layer, ...sources]] of Object.entries(nodes)) {
    if (typeof layer !== "string") layers.set(name, newLayer(layer, name));
    const from = sources.map((source) => values.get(source)!);
    const applied = layers
      .get(typeof layer === "string" ? layer : name)!
      .apply(from.length === 1 ? from[0]! : from);
    values.set(name, applied as tf.SymbolicTensor);
  }
  const outputs = (one.outputs ?? [Object.keys(nodes).at(-1)!]).map((name) => values.get(name)!);
  setFirstWeights(layers.values());
  for (const place of one.frozen ?? []) [...layers.values()][place]!.trainable = false;
  return { model: tf.model({ inputs, outputs }), layers };
}

/** Gives layers the first weights that make.py gives Keras'. */
export function setFirstWeights(layers: Iterable<tf.layers.Layer>): void {
  const numbers = random(1);
  for (const layer of layers) {
    const first = layer.weights.map(({ originalName, shape }) =>
      tf.tensor(firstValues(numbers, originalName, shape as number[]), shape as number[]),
    );
    layer.setWeights(first);
    tf.dispose(first);
  }
}

function stack(layers: LayerSpec[]): NonNullable<Case["nodes"]> {
  const nameAt = (place: number) => (place < 0 ? "input" : `layer${place}`);
  return Object.fromEntries(layers.map((layer, place) => [nameAt(place), [layer, nameAt(place - 1)]]));
}

/** Frees a net. A layer that is used twice counts its uses and wants to be disposed of as often. */
export function disposeNetwork({ model, layers }: Network, { nodes = {} }: Case): void {
  model.dispose();
  for (const [layer] of Object.values(nodes)) {
    if (typeof layer === "string") layers.get(layer)!.dispose();
  }
}

/** The optimizer of a case, with Keras' numbers. */
export function newOptimizer({ optimizer: [kind, options] }: Case): tf.Optimizer {
  const number = (name: string, usual = 0) => Number(options[name] ?? usual);
  const rate = number("learning_rate");
  const betas = [number("beta_1", 0.9), number("beta_2", 0.999)] as const;
  switch (kind) {
    case "SGD":
      return options.momentum === undefined
        ? tf.train.sgd(rate)
        : tf.train.momentum(rate, number("momentum"), Boolean(options.nesterov));
    case "RMSprop": {
      const { centered } = options;
      return tf.train.rmsprop(rate, number("rho"), number("momentum"), number("epsilon"), Boolean(centered));
    }
    case "Adagrad":
      return tf.train.adagrad(rate, number("initial_accumulator_value"));
    case "Adadelta":
      return tf.train.adadelta(rate, number("rho"), number("epsilon"));
    case "Adam":
      return tf.train.adam(rate, ...betas, number("epsilon"));
    case "Adamax":
      return tf.train.adamax(rate, ...betas, number("epsilon"));
    default:
      throw new Error(`no optimizer ${kind}`);
  }
}

/** Compiles the net as the case says. The optimizer is the caller's to dispose of. */
export function compileNetwork({ model }: Network, one: Case): tf.Optimizer {
  const optimizer = newOptimizer(one);
  const loss = typeof one.loss === "string" ? tfjsName(one.loss) : one.loss.map(tfjsName);
  const named = (metric: string | string[]): string | string[] =>
    typeof metric === "string" ? camelCase(metric) : metric.map(camelCase);
  const { metrics, loss_weights: lossWeights } = one;
  const nested = metrics?.some((metric) => typeof metric !== "string");
  model.compile({
    optimizer,
    loss,
    ...(metrics && {
      metrics: nested
        ? Object.fromEntries(metrics.map((list, output) => [one.outputs![output]!, named(list)] as const))
        : (metrics.map(named) as string[]),
    }),
    ...(lossWeights && { lossWeights }),
  } as tf.ModelCompileArgs);
  return optimizer;
}

export interface Data {
  x: tf.Tensor[];
  y: tf.Tensor[];
}

/** As many samples as a training takes in all; they are the caller's to dispose of. */
export function dataFor({ model }: Network, one: Case, count: number): Data {
  const inputs = random(2);
  const { integers, targets } = one;
  const of = integers === undefined ? (u: number) => 2 * u - 1 : (u: number) => Math.floor(u * integers);
  const x = model.inputs.map((input) => {
    const shape = [count, ...(input.shape.slice(1) as number[])];
    return tf.tensor(take(inputs, shape, of), shape, input.dtype);
  });
  const numbers = random(3);
  const kinds = Array.isArray(targets) ? targets : [targets];
  const y = model.outputs.map((output, index) => {
    const made = targetValues(kinds[index]!, numbers, count, output.shape.slice(1) as number[]);
    return tf.tensor(made.values, made.shape);
  });
  return { x, y };
}
