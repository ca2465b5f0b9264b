import { InputError } from "../../errors.ts";
import { floatWriter } from "../../tensorflow/floatWriter.ts";
import { tf } from "../../tensorflow/tf.ts";
import { isConfig, type Config } from "./config.ts";
import { isLarge } from "./weight.ts";
// Makes the classes known that files of Keras hold and TensorFlow.js has not.
import "../layers.ts";
import "../regularizers.ts";

/** Classes of layers that a file names and TensorFlow.js does not know, by the names that the file gives them. */
export type CustomObjects = Readonly<
  Record<string, tf.serialization.SerializableConstructor<tf.serialization.Serializable>>
>;

type Registered = [CustomObjects[string], CustomObjects[string]["fromConfig"]];

/** Makes classes known for as long as `use` runs. TensorFlow.js's own way does not reach into sequential models. */
function withCustomObjects<T>(customObjects: CustomObjects, use: () => T): T {
  const map = tf.serialization.SerializationMap.getMap().classNameMap as Record<string, Registered>;
  const before = Object.keys(customObjects).map((name) => [name, map[name]] as const);
  for (const [name, made] of Object.entries(customObjects)) map[name] = [made, made.fromConfig];
  try {
    return use();
  } finally {
    for (const [name, registered] of before) {
      if (registered === undefined) delete map[name];
      else map[name] = registered;
    }
  }
}

type AddWeight = (this: unknown, ...args: unknown[]) => unknown;

/** For large weights: memory that nobody has written, which the system gives when somebody does, and nobody will. */
const unwritten = { apply: (shape: number[]): tf.Tensor => floatWriter(shape).end() };

/** Lets layers begin with zeros, or less, for as long as `use` runs: the values come from a file, and to draw others takes long. */
function withoutValues<T>(use: () => T): T {
  const layer = tf.layers.Layer.prototype as unknown as { addWeight: AddWeight };
  const original = Object.getOwnPropertyDescriptor(layer, "addWeight")!;
  const addWeight = original.value as AddWeight;
  const zeros = tf.initializers.zeros();
  layer.addWeight = function (name, shape, dtype, _initializer, ...rest) {
    const isUnwritten = (dtype ?? "float32") === "float32" && isLarge(shape as number[]);
    return addWeight.call(this, name, shape, dtype, isUnwritten ? unwritten : zeros, ...rest);
  };
  try {
    return use();
  } finally {
    Object.defineProperty(layer, "addWeight", original);
  }
}

/** What TensorFlow.js counts of a layer, and its types hide. */
interface Counted {
  _refCount: number;
  layers?: Counted[];
  /** Models that a model made itself, and frees once more. */
  internalContainerRefs?: Counted[];
}

/** Lets a model free the layers that it calls several times: TensorFlow.js counts their calls, and takes one off. */
function ownLayers(model: Counted): void {
  for (const layer of model.layers ?? []) {
    layer._refCount = model.internalContainerRefs?.includes(layer) ? 2 : 1;
    ownLayers(layer);
  }
}

/** What the first layer of a class is called in a description. */
function nameOfFirst(className: string, described: unknown): string | undefined {
  if (Array.isArray(described)) {
    for (const part of described) {
      const found = nameOfFirst(className, part);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (!isConfig(described)) return undefined;
  const { class_name: name, config } = described;
  if (name === className && isConfig(config)) return config.name as string | undefined;
  return nameOfFirst(className, Object.values(described));
}

/** Layers that work on words, not on numbers. */
const ofWords = ["TextVectorization", "StringLookup", "Hashing", "HashedCrossing", "IntegerLookup"];

/** What to do about a class of layers that there is not here. */
function adviceOn(className: string): string {
  const custom = `give its class as customObjects: { ${className} }`;
  if (className === "Lambda") return `it is code in Python: save the model without it, or ${custom}`;
  if (ofWords.includes(className)) {
    return `turn words into numbers before the model: save it in Keras without this layer, or ${custom}`;
  }
  return custom;
}

/** How to make a model from its description. */
export interface BuildOptions {
  /** The file, for messages. */
  path: string;
  customObjects?: CustomObjects;
  /** Whether weights begin as the layers say and not with zeros, as there are none to come. */
  initialize?: boolean;
}

/**
 * The model that a description in TensorFlow.js's form describes.
 *
 * @throws InputError naming a class of layers that TensorFlow.js has not
 */
export async function buildModel(
  config: Config,
  { path, customObjects = {}, initialize = false }: BuildOptions,
): Promise<tf.LayersModel> {
  const build = () =>
    tf.models.modelFromJSON(config as unknown as Parameters<typeof tf.models.modelFromJSON>[0]);
  try {
    // The model is there when the call returns; only its promise comes later.
    const model = await withCustomObjects(customObjects, () => (initialize ? build() : withoutValues(build)));
    ownLayers(model as unknown as Counted);
    return model;
  } catch (cause) {
    const { message } = cause as Error;
    const [, kind, name] = /Unknown (\w+): (\w+)/.exec(message) ?? [];
    const own = kind === "layer" ? nameOfFirst(name!, config) : undefined;
    const layer = own === undefined ? name : `${name} "${own}"`;
    const found = name === undefined ? `${path} (${message.slice(0, 200)})` : `${kind} ${layer} in ${path}`;
    const fix = kind === "layer" ? adviceOn(name!) : undefined;
    const expected = "a model of TensorFlow.js's layers";
    throw new InputError({ who: "loadModel", expected, found, cause, ...(fix && { fix }) });
  }
}
