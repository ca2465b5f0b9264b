import { InputError } from "../../errors.ts";
import { floatWriter } from "../../tensorflow/floatWriter.ts";
import { tf } from "../../tensorflow/tf.ts";
import { kerasNames } from "./kerasNames.ts";
import { sourceOf, type SavedWeight, type WeightSource } from "./weight.ts";

export type Layer = tf.layers.Layer;

/** A weight of a layer; its variable lives behind types that TensorFlow.js does not export. */
export interface LayerVariable {
  originalName: string;
  shape: (number | null)[];
  read(): tf.Variable;
}

/** A layer's variables in the order of Keras' files: trainable ones, then the others. */
export function variablesOf(layer: Layer): LayerVariable[] {
  return [...layer.trainableWeights, ...layer.nonTrainableWeights] as unknown as LayerVariable[];
}

/** The last part of a weight's name: kernel, bias, moving_mean. */
function weightName({ originalName }: LayerVariable): string {
  return originalName.split("/").at(-1)!;
}

/** Names of a layer's weights that differ from one another; a nested model has many that are called kernel. */
function weightPaths(layer: Layer): string[] {
  const names = variablesOf(layer).map(weightName);
  if (new Set(names).size === names.length) return names;
  return variablesOf(layer).map(({ originalName }, index) => `${index}/${originalName}`);
}

/** All variables of a layer, to be written; `path` is a name for each. */
export function sourcesOf(layer: Layer): { path: string; source: WeightSource }[] {
  const paths = weightPaths(layer);
  return variablesOf(layer).map((variable, index) => ({
    path: paths[index]!,
    source: sourceOf(variable.read()),
  }));
}

/** What a file keeps together: the weights of a layer, or of a cell of a recurrent one. */
export interface SavedLayer {
  name: string;
  weights: SavedWeight[];
}

/** A layer, and what a file holds for it. */
export interface LayerWeights {
  layer: Layer;
  saved: SavedLayer;
}

const show = (shape: readonly (number | null)[]) => `[${shape.join(", ")}]`;

interface Mismatch {
  expected: string;
  found: string;
}

function compare({ layer, saved }: LayerWeights): Mismatch | undefined {
  const variables = variablesOf(layer);
  const name = `layer "${layer.name}"`;
  const origin = saved.name === layer.name ? "" : ` (saved as "${saved.name}")`;
  if (saved.weights.length !== variables.length) {
    return {
      expected: `${variables.length} weights for ${name}`,
      found: `${saved.weights.length}${origin}`,
    };
  }
  const different = variables.findIndex(
    ({ shape }, index) => show(shape) !== show(saved.weights[index]!.shape),
  );
  if (different < 0) return undefined;
  const variable = variables[different]!;
  return {
    expected: `${name} ${weightName(variable)} of shape ${show(variable.shape)}`,
    found: `${show(saved.weights[different]!.shape)}${origin}`,
  };
}

/**
 * Sets the weights of layers, after all of them were compared with the model: a file of another model changes nothing.
 * With `skipMismatch` the layers whose weights differ in number or shape keep theirs, and a line says which.
 *
 * @throws InputError naming the first layer whose weights differ in number or shape
 */
export function setWeights(
  plan: readonly LayerWeights[],
  { who, skipMismatch = false }: { who: string; skipMismatch?: boolean },
): void {
  const fitting = plan.filter((entry) => {
    const mismatch = compare(entry);
    if (mismatch === undefined) return true;
    if (!skipMismatch) {
      throw new InputError({ who, ...mismatch, fix: "build the model that the file was saved from" });
    }
    process.stdout.write(`${who}: skipped, expected ${mismatch.expected}, found ${mismatch.found}\n`);
    return false;
  });
  const pairs = fitting.flatMap(({ layer, saved }) =>
    variablesOf(layer).map((variable, index) => ({ variable, weight: saved.weights[index]! })),
  );
  // What may turn out to be damaged is read before anything is changed; the rest one after the other, as it may be large.
  const read = new Map(
    pairs.filter(({ weight }) => weight.mayFail).map(({ weight }) => [weight, weight.read()]),
  );
  for (const { variable, weight } of pairs) assign(variable, weight, read.get(weight));
}

/** A new tensor of a weight's numbers; `values`, where they were read already. */
function floatsOf(weight: SavedWeight, values = weight.pieces ? undefined : weight.read()): tf.Tensor {
  if (values !== undefined) return tf.tensor(values, weight.shape, "float32");
  const writer = floatWriter(weight.shape);
  try {
    for (const piece of weight.pieces!()) writer.write(piece);
  } catch (error) {
    writer.cancel();
    throw error;
  }
  return writer.end();
}

function assign(variable: LayerVariable, weight: SavedWeight, values: Float32Array | undefined): void {
  const target = variable.read();
  const tensor = tf.tidy(() => {
    const floats = floatsOf(weight, values);
    return target.dtype === "float32" ? floats : floats.cast(target.dtype);
  });
  // Assigning past the layer leaves constraints unapplied, as Keras does when it loads.
  target.assign(tensor);
  tensor.dispose();
}

/** How weights of a file find their layers. */
export interface MatchOptions {
  who: string;
  /** By the layers' names instead of their order; layers without a counterpart keep their weights. */
  byName?: boolean;
  skipMismatch?: boolean;
}

/**
 * Finds for each layer of a model what a file holds for it: by order, as Keras does, or by name.
 *
 * @param names further names of layers by the ones they have here
 * @throws InputError when there are more or fewer layers with weights, unless they are found by name
 */
export function matchLayers(
  layers: readonly Layer[],
  saved: readonly SavedLayer[],
  { who, byName = false, names }: MatchOptions & { names?: ReadonlyMap<string, string> },
): LayerWeights[] {
  const targets = layers.filter((layer) => variablesOf(layer).length > 0);
  if (byName) {
    const byTheirName = new Map(saved.map((entry) => [entry.name, entry]));
    return targets.flatMap((layer) => {
      const found = byTheirName.get(layer.name) ?? byTheirName.get(names?.get(layer.name) ?? "");
      return found ? [{ layer, saved: found }] : [];
    });
  }
  if (targets.length !== saved.length) {
    const expected = `${targets.length} layers with weights (${targets.map(({ name }) => name).join(", ")})`;
    const found = `${saved.length} (${saved.map(({ name }) => name).join(", ")})`;
    throw new InputError({ who, expected, found, fix: "build the model that the file was saved from" });
  }
  return targets.map((layer, index) => ({ layer, saved: saved[index]! }));
}

/** A weight of a file that keeps them one by one. */
export interface NamedWeight {
  name: string;
  weight: SavedWeight;
}

/**
 * Finds for each layer what a file holds that keeps weights one by one: under the names that they have here, else in order.
 *
 * @throws InputError when there are more or fewer weights than the model has, unless they are found by name
 */
export function matchNamed(
  model: tf.LayersModel,
  saved: readonly NamedWeight[],
  options: MatchOptions,
): LayerWeights[] {
  const names = kerasNames(model);
  if (options.byName) {
    const layers = new Map<string, SavedLayer>();
    for (const { name, weight } of saved) {
      const owner = name.slice(0, Math.max(0, name.lastIndexOf("/")));
      const entry = layers.get(owner) ?? { name: owner, weights: [] };
      entry.weights.push(weight);
      layers.set(owner, entry);
    }
    return matchLayers(model.layers, [...layers.values()], { ...options, names });
  }
  const targets = model.layers.filter((layer) => variablesOf(layer).length > 0);
  const count = targets.reduce((sum, layer) => sum + variablesOf(layer).length, 0);
  if (saved.length !== count) {
    const fix = "build the model that the file was saved from";
    throw new InputError({
      who: options.who,
      expected: `${count} weights`,
      found: String(saved.length),
      fix,
    });
  }
  const byTheirName = new Map(saved.map(({ name, weight }) => [name, weight]));
  const named = targets.map((layer) => {
    const paths = weightPaths(layer);
    return variablesOf(layer).flatMap(({ originalName }, index) => {
      const ours = `${names.get(layer.name)!}/${paths[index]!}`;
      return byTheirName.get(originalName) ?? byTheirName.get(ours) ?? [];
    });
  });
  const allNamed = named.flat().length === count;
  let place = 0;
  return targets.map((layer, index) => {
    const start = place;
    place += variablesOf(layer).length;
    const inOrder = saved.slice(start, place).map(({ weight }) => weight);
    return { layer, saved: { name: layer.name, weights: allNamed ? named[index]! : inOrder } };
  });
}

/** All weights of a model, to be written one by one: with TensorFlow.js' names, or with Keras'. */
export function namedSources(
  model: tf.LayersModel,
): { name: string; kerasName: string; source: WeightSource }[] {
  const names = kerasNames(model);
  return model.layers.flatMap((layer) => {
    const variables = variablesOf(layer);
    return sourcesOf(layer).map(({ path, source }, index) => ({
      name: variables[index]!.originalName,
      kerasName: `${names.get(layer.name)!}/${path}`,
      source,
    }));
  });
}
