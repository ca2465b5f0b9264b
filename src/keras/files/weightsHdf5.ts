import type { Group } from "h5wasm/node";
import { InputError } from "../../errors.ts";
import type { tf } from "../../tensorflow/tf.ts";
import { snakeCase } from "./config.ts";
import { findGroup, readHdf5, readWeight, writeHdf5, writeWeight, type Weight } from "./hdf5.ts";
import { readLayer, setWeights, variablesOf, type Layer, type LayerWeights } from "./modelWeights.ts";
import { asModel, kerasClass, kerasNames } from "./toKerasConfig.ts";

/** A layer, its name, and its group in the file. */
interface Place {
  layer: Layer;
  name: string;
  path: string;
}

/** Layers that keep their weights in layers of their own, which Keras stores in groups of their own. */
const nested = ["SimpleRNN", "LSTM", "GRU", "RNN", "ConvLSTM2D", "Bidirectional", "TimeDistributed"];

/**
 * Where Keras 3 puts the layers of a model: `layers/` and the class in lower case, counted in the model's order, whatever
 * the layers' names. The input layer of a sequential model has no place.
 */
function placesOf(model: tf.LayersModel, who: string, prefix = ""): Place[] {
  const counts = new Map<string, number>();
  const names = kerasNames(model);
  return model.layers.flatMap((layer) => {
    const className = kerasClass(layer);
    if (className === "InputLayer" && model.getClassName() === "Sequential") return [];
    if (nested.includes(className)) {
      const fix = "use a file that ends in .h5";
      throw new InputError({ who, expected: "layers of a convolutional network", found: className, fix });
    }
    const stem = snakeCase(className);
    const count = counts.get(stem) ?? 0;
    counts.set(stem, count + 1);
    const path = `${prefix}layers/${stem}${count === 0 ? "" : `_${count}`}`;
    const inner = asModel(layer);
    return inner ? placesOf(inner, who, `${path}/`) : [{ layer, name: names.get(layer.name)!, path }];
  });
}

/** Writes a model's weights as Keras 3 does: `save_weights("x.weights.h5")`. */
export async function saveWeightsFile(model: tf.LayersModel, path: string): Promise<void> {
  const layers = await Promise.all(
    placesOf(model, "saveWeights").map(async (place) => ({
      ...place,
      weights: await readLayer(place.layer),
    })),
  );
  await writeHdf5(path, (file) => {
    file.create_group("layers");
    for (const { path: place, name, weights } of layers) {
      weights.forEach(({ weight }, index) => writeWeight(file, `${place}/vars/${index}`, weight));
      if (weights.length === 0) makeGroup(file, `${place}/vars`);
      findGroup(file, `${place}/vars`)!.create_attribute("name", name);
    }
    file.create_group("vars").create_attribute("name", model.name);
  });
}

function makeGroup(parent: Group, path: string): void {
  let group = parent;
  for (const name of path.split("/")) {
    group = group.keys().includes(name) ? (group.get(name) as Group) : group.create_group(name);
  }
}

function readPlace(file: Group, { layer, name, path }: Place, who: string): LayerWeights {
  const group = findGroup(file, `${path}/vars`);
  const count = group?.keys().length ?? 0;
  const weights: Weight[] = [];
  for (let index = 0; group !== undefined && index < count; index++)
    weights.push(readWeight(group, String(index), who));
  const savedName = group?.attrs.name?.value;
  return { layer, savedName: typeof savedName === "string" ? savedName : name, weights };
}

/** How many groups of a file hold weights, so that those of a larger model are noticed. */
function countFilled(group: Group): number {
  return group.keys().reduce((sum, name) => {
    const inner = findGroup(group, `${name}/vars`);
    const below = findGroup(group, `${name}/layers`);
    return sum + (inner && inner.keys().length > 0 ? 1 : 0) + (below ? countFilled(below) : 0);
  }, 0);
}

/** Sets a model's weights from a `.weights.h5` file of Keras 3. */
export async function loadWeightsFile(model: tf.LayersModel, path: string, who: string): Promise<void> {
  const plan = await readHdf5(path, who, (file) => {
    const layers = findGroup(file, "layers");
    if (layers === undefined) {
      const fix = findGroup(file, "model_weights") ? "it is a whole model: use loadModel(path)" : undefined;
      throw new InputError({
        who,
        expected: "weights that Keras 3 saved",
        found: `${path} without layers`,
        ...(fix && { fix }),
      });
    }
    const places = placesOf(model, who).filter(({ layer }) => variablesOf(layer).length > 0);
    const saved = countFilled(layers);
    if (saved !== places.length) {
      const expected = `${places.length} layers with weights (${places.map(({ layer }) => layer.name).join(", ")})`;
      throw new InputError({
        who,
        expected,
        found: `${saved} in ${path}`,
        fix: "build the model that the file was saved from",
      });
    }
    return places.map((place) => readPlace(file, place, who));
  });
  setWeights(plan, who);
}
