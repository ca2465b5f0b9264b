import type { Group } from "h5wasm/node";
import { InputError } from "../../errors.ts";
import type { tf } from "../../tensorflow/tf.ts";
import { findGroup, makeGroup, readHdf5, readText, writeHdf5 } from "./hdf5.ts";
import { readWeight, writeWeight } from "./hdf5Weights.ts";
import {
  setWeights,
  sourcesOf,
  variablesOf,
  type Layer,
  type LayerWeights,
  type MatchOptions,
} from "./modelWeights.ts";
import { kerasNames } from "./kerasNames.ts";
import { asModel, kerasClass, snakeCase } from "./layerClass.ts";

/** A layer that has weights of its own, and its group in the file. */
interface Place {
  layer: Layer;
  /** The layer of a model that it is, or is a part of; its group and its name. */
  owner: string;
  name: string;
  path: string;
}

/** A layer of ours that keeps its weights in groups, as Keras 3 does, and their paths below its own. */
interface Grouped {
  weightGroups(): [path: string, weights: tf.LayerVariable[]][];
}

const isGrouped = (layer: Layer): layer is Layer & Grouped => "weightGroups" in layer;

/** A group of weights in the form of a layer. */
const groupOf = (name: string, weights: tf.LayerVariable[]): Layer =>
  ({ name, trainableWeights: weights, nonTrainableWeights: [] }) as unknown as Layer;

/** Counts layers of the same class as Keras does: `conv2d`, `conv2d_1` … */
function counted(layers: readonly Layer[]): [key: string, layer: Layer][] {
  const counts = new Map<string, number>();
  return layers.map((layer) => {
    const stem = snakeCase(kerasClass(layer));
    const count = counts.get(stem) ?? 0;
    counts.set(stem, count + 1);
    return [count === 0 ? stem : `${stem}_${count}`, layer];
  });
}

/** Layers inside another one that is no model: cells of recurrent layers, and what wrappers wrap. */
function partsOf(layer: Layer): [path: string, part: Layer][] {
  const own = layer as unknown as Partial<
    Record<"cell" | "layer" | "forwardLayer" | "backwardLayer", Layer>
  > & {
    cells?: Layer[];
  };
  if (own.cells) return counted(own.cells).map(([key, cell]) => [`cells/${key}`, cell]);
  if (own.forwardLayer && own.backwardLayer) {
    return [
      ["forward_layer", own.forwardLayer],
      ["backward_layer", own.backwardLayer],
    ];
  }
  if (own.cell) return [["cell", own.cell]];
  return own.layer ? [["layer", own.layer]] : [];
}

/**
 * Where Keras 3 puts the layers of a model: `layers/` and the class in lower case, counted in the model's order, whatever
 * the layers' names. The input layer of a sequential model has no place, and a layer that occurs twice only its first.
 */
function placesOf(model: tf.LayersModel, prefix = "", seen = new Set<Layer>()): Place[] {
  const names = kerasNames(model);
  const isHidden = (layer: Layer) =>
    // For Keras an operation is no layer.
    kerasClass(layer) === "Operation" ||
    (kerasClass(layer) === "InputLayer" && model.getClassName() === "Sequential");
  const layers = model.layers.filter((layer) => !isHidden(layer));
  return counted(layers).flatMap(([key, layer]) => {
    const owner = `${prefix}layers/${key}`;
    const place = (part: Layer, path: string): Place[] => {
      if (seen.has(part)) return [];
      seen.add(part);
      const inner = asModel(part);
      if (inner) return placesOf(inner, `${path}/`, seen);
      if (isGrouped(part)) {
        return part.weightGroups().map(([below, weights]) => {
          const group = groupOf(names.get(layer.name)!, weights);
          return {
            layer: group,
            owner,
            name: names.get(layer.name)!,
            path: below ? `${path}/${below}` : path,
          };
        });
      }
      const parts = partsOf(part);
      if (parts.length > 0) return parts.flatMap(([name, child]) => place(child, `${path}/${name}`));
      return [{ layer: part, owner, name: names.get(layer.name)!, path }];
    };
    return place(layer, owner);
  });
}

/** Writes a model's weights into a file or group as Keras 3 does. */
export async function fillWeights(file: Group, model: tf.LayersModel): Promise<void> {
  file.create_group("layers");
  for (const { layer, path, owner, name } of placesOf(model)) {
    const group = makeGroup(file, `${path}/vars`);
    group.create_attribute("name", path === owner ? name : layer.name);
    for (const [index, { source }] of sourcesOf(layer).entries())
      await writeWeight(group, String(index), source);
  }
  file.create_group("vars").create_attribute("name", model.name);
}

/** Writes a model's weights as Keras 3 does: `save_weights("x.weights.h5")`. */
export async function saveWeightsFile(model: tf.LayersModel, path: string): Promise<void> {
  await writeHdf5(path, (file) => fillWeights(file, model));
}

const layersIn = (group: Group) => group.keys().filter((key) => key !== "vars" && findGroup(group, key));

/** How many groups hold weights, so that those of a larger model are noticed. */
function countFilled(group: Group): number {
  return layersIn(group).reduce((sum, key) => {
    const inner = findGroup(group, key)!;
    const own = (findGroup(inner, "vars")?.keys().length ?? 0) > 0 ? 1 : 0;
    return sum + own + countFilled(inner);
  }, 0);
}

/** The names that Keras gave the layers of a file, and their groups. */
function namedGroups(group: Group, path = ""): [name: string, path: string][] {
  const layers = findGroup(group, "layers");
  if (!layers) return [];
  return layersIn(layers).flatMap((key) => {
    const inner = findGroup(layers, key)!;
    const place = `${path}layers/${key}`;
    const vars = findGroup(inner, "vars");
    const name = vars && readText(vars, "name");
    return [
      ...(name === undefined ? [] : [[name, place] as [string, string]]),
      ...namedGroups(inner, `${place}/`),
    ];
  });
}

function readPlace(file: Group, { layer, path, name }: Place, who: string): LayerWeights {
  const group = findGroup(file, `${path}/vars`);
  const count = group?.keys().length ?? 0;
  const weights = Array.from({ length: count }, (_, index) => readWeight(group!, String(index), who));
  return { layer, saved: { name: (group && readText(group, "name")) ?? name, weights } };
}

/** What a file in Keras 3's form holds for the layers of a model. */
function planOf(model: tf.LayersModel, file: Group, path: string, options: MatchOptions): LayerWeights[] {
  const { who, byName = false, skipMismatch = false } = options;
  const layers = findGroup(file, "layers");
  if (layers === undefined) {
    const fix = findGroup(file, "model_weights") ? "it is a whole model: use loadModel(path)" : undefined;
    const found = `${path} without layers`;
    throw new InputError({ who, expected: "weights that Keras 3 saved", found, ...(fix && { fix }) });
  }
  const places = placesOf(model).filter(({ layer }) => variablesOf(layer).length > 0);
  if (byName) {
    const groups = new Map(namedGroups(file));
    return places.flatMap((place) => {
      const owner = groups.get(place.name);
      if (owner === undefined) return [];
      return [readPlace(file, { ...place, path: owner + place.path.slice(place.owner.length) }, who)];
    });
  }
  const saved = countFilled(layers);
  if (saved !== places.length && !skipMismatch) {
    const expected = `${places.length} layers with weights (${places.map(({ layer }) => layer.name).join(", ")})`;
    const fix = "build the model that the file was saved from";
    throw new InputError({ who, expected, found: `${saved} in ${path}`, fix });
  }
  return places.map((place) => readPlace(file, place, who));
}

/** Sets a model's weights from an open file in Keras 3's form. `path` is the file's name in messages. */
export function takeWeights(model: tf.LayersModel, file: Group, path: string, options: MatchOptions): void {
  setWeights(planOf(model, file, path, options), options);
}

/** Sets a model's weights from a `.weights.h5` file of Keras 3. */
export async function loadWeightsFile(
  model: tf.LayersModel,
  path: string,
  options: MatchOptions,
): Promise<void> {
  await readHdf5(path, options.who, (file) => takeWeights(model, file, path, options));
}
