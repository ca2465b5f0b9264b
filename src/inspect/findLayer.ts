import { InputError } from "../errors.ts";
import { nearestName } from "../nearestName.ts";
import type { tf } from "../tensorflow/tf.ts";
import { nestedModel, notBuilt } from "./modelGraph.ts";

/** A layer, and the way to it: its name, inside of nested models with their names before it: `vgg16/block5_conv3`. */
export interface NamedLayer {
  path: string;
  layer: tf.layers.Layer;
}

/**
 * A layer by its name or its index (negative: from the end); one inside of a nested model by the way to it, `"base/conv1"`, or by its
 * own name, if it is the only one so called.
 *
 * @throws InputError when there is none; the message names those that are near; or for a model without layers
 */
export function findLayer(model: tf.LayersModel, wanted: string | number, who: string): NamedLayer {
  const all = namedLayers(model);
  const name = typeof wanted === "number" ? layerAt(model, wanted)?.name : wanted;
  const exact = all.find(({ path }) => path === name);
  const deeper = all.filter(({ layer }) => layer.name === wanted);
  const found = exact ?? deeper[0];
  if (exact === undefined && deeper.length > 1) {
    const fix = `give one of ${deeper.map(({ path }) => `"${path}"`).join(", ")}`;
    throw new InputError({ who, expected: "a layer", found: `several called "${wanted}"`, fix });
  }
  if (found !== undefined) return found;
  const count = model.layers.length;
  if (count === 0) throw notBuilt(model, who);
  throw new InputError({
    who,
    expected: `a layer of the model, by name or by index ${-count} to ${count - 1}`,
    found: JSON.stringify(wanted),
    fix: adviceFor(wanted, all),
  });
}

function layerAt({ layers }: tf.LayersModel, index: number): tf.layers.Layer | undefined {
  return Number.isInteger(index) ? layers.at(index) : undefined;
}

/** The layers with the ways to them, nested ones after the model that they are in. */
function namedLayers(model: tf.LayersModel, prefix = ""): NamedLayer[] {
  return model.layers.flatMap((layer) => {
    const path = prefix + layer.name;
    const nested = nestedModel(layer);
    return [{ path, layer }, ...(nested === undefined ? [] : namedLayers(nested, `${path}/`))];
  });
}

/** With more layers a message lists only those that are near. */
const mostNames = 24;

function adviceFor(wanted: string | number, all: readonly NamedLayer[]): string {
  const paths = all.map(({ path }) => path);
  const names = all.flatMap(({ path, layer }) => [path, layer.name]);
  const near = typeof wanted === "number" ? undefined : nearestName(wanted, names);
  const best = near === undefined ? undefined : paths[Math.floor(names.indexOf(near) / 2)]!;
  const alike = paths.filter((path) => best !== undefined && stemOf(path) === stemOf(best));
  const list =
    paths.length <= mostNames
      ? paths.join(", ")
      : [
          alike.length > 1
            ? `${alike.slice(0, mostNames / 2).join(", ")}, …`
            : `${paths.slice(0, 3).join(", ")} … ${paths.slice(-3).join(", ")}`,
          "summary(model) lists them",
        ].join("; ");
  return `${best === undefined ? "" : `did you mean "${best}"? `}layers: ${list}`;
}

/** A name without its numbers: those that differ only by them are near one another. */
const stemOf = (path: string): string => path.replace(/\d+/g, "");
