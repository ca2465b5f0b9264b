import { InputError } from "../errors.ts";
import type { tf } from "../tensorflow/tf.ts";
import { nestedModel } from "./modelGraph.ts";

/**
 * A layer by its name or its index (negative: from the end); one inside of a nested model by its own name or by the way to it,
 * `"base/conv1"`.
 *
 * @throws InputError when there is none; the message lists the nearest names
 */
export function findLayer(model: tf.LayersModel, wanted: string | number, who: string): tf.layers.Layer {
  const found =
    typeof wanted === "number" ? model.layers.at(Number.isInteger(wanted) ? wanted : NaN) : undefined;
  const isInside =
    typeof wanted === "number" && wanted < model.layers.length && wanted >= -model.layers.length;
  if (found !== undefined && isInside) return found;
  const all = withNames(model, "");
  const named = all.find(([path]) => path === wanted) ?? all.find(([, layer]) => layer.name === wanted);
  if (named !== undefined) return named[1];
  throw new InputError({
    who,
    expected: `a layer of the model, by name or by index ${String(-model.layers.length)} to ${String(model.layers.length - 1)}`,
    found: JSON.stringify(wanted),
    fix: `layers: ${nearest(
      String(wanted),
      all.map(([path]) => path),
    ).join(", ")}`,
  });
}

/** The layers with the ways to them, nested ones after the model that they are in. */
function withNames(model: tf.LayersModel, prefix: string): [path: string, layer: tf.layers.Layer][] {
  return model.layers.flatMap((layer): [string, tf.layers.Layer][] => {
    const path = `${prefix}${layer.name}`;
    const nested = nestedModel(layer);
    return [[path, layer], ...(nested === undefined ? [] : withNames(nested, `${path}/`))];
  });
}

const mostNames = 12;

/** All names where there are few, else those that have most pairs of letters in common with the wanted one. */
function nearest(wanted: string, names: readonly string[]): string[] {
  if (names.length <= mostNames) return [...names];
  const pairs = (text: string): string[] => [...text].slice(1).map((letter, i) => text[i]! + letter);
  const own = new Set(pairs(wanted));
  const score = (name: string): number =>
    pairs(name).filter((pair) => own.has(pair)).length / (name.length + wanted.length);
  return [...names.toSorted((a, b) => score(b) - score(a)).slice(0, mostNames), "…"];
}
