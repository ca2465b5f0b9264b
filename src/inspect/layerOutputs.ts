import { InputError } from "../errors.ts";
import { findLayer, type NamedLayer } from "./findLayer.ts";
import { sitesOf } from "./findSite.ts";
import { pathOf, type ModelGraph, type Shape, type Site } from "./modelGraph.ts";

/**
 * Which layers: names, indices into `model.layers` (negative ones count from the end), one of these alone in an array, or a
 * number for that many from the start. A layer of a model inside the model is named by its own name, or by its path,
 * `"base/conv1"`.
 */
export type LayerSelection = number | readonly (string | number)[];

/** A tensor of the model's graph that a layer gives. */
export interface LayerOutput extends Pick<Site, "layer" | "slot" | "shape" | "inputs"> {
  /** The way to the layer, and which of its uses and outputs, where there are several. */
  name: string;
  className: string;
}

/**
 * The outputs of the chosen layers, in the order asked for. The default is every layer but the inputs whose output is a vector,
 * a sequence or a stack of maps; a model inside the model counts as one layer there.
 *
 * @throws InputError for a layer that is not there; the message lists those that are
 */
export function layerOutputs(
  graph: ModelGraph,
  { layers, who }: { layers: LayerSelection | undefined; who: string },
): LayerOutput[] {
  const { model } = graph;
  let chosen: NamedLayer[];
  if (layers === undefined || typeof layers === "number") {
    const own = model.layers.map((layer) => ({ path: layer.name, layer }));
    const visible = own.filter(
      (named) =>
        named.layer.getClassName() !== "InputLayer" &&
        sitesOf(graph, named).some(({ shape }) => isVisible(shape)),
    );
    chosen = visible.slice(0, layers === undefined ? visible.length : checkCount(layers, who));
  } else {
    const found = layers.map((wanted) => findLayer(model, wanted, who));
    chosen = found.filter(({ path }, i) => found.findIndex((other) => other.path === path) === i);
  }

  if (chosen.length === 0) throw new InputError({ who, expected: "at least one layer", found: "none" });
  return chosen.flatMap((named) => {
    const outputs = sitesOf(graph, named).filter(({ shape }) => isVisible(shape));
    if (outputs.length > 0) return outputs.map((site) => outputAt(site, named.path));
    const expected = "a layer with a vector, a sequence or maps as output";
    throw new InputError({ who, expected, found: `"${named.layer.name}"` });
  });
}

/** What a layer gives at a site, named by the way to the layer. */
export function outputAt(site: Site, path = pathOf(site)): LayerOutput {
  const { layer, slot, shape, inputs, use } = site;
  const index = site.path.slice(pathOf(site).length);
  const name = `${path}${use > 0 ? ` (use ${use + 1})` : ""}${index}`;
  return { name, className: layer.getClassName(), layer, slot, shape, inputs };
}

/** Whether it can be shown: a vector, a sequence, maps, or volumes. */
export function isVisible(shape: Shape): boolean {
  return shape.length >= 2 && shape.length <= 5;
}

function checkCount(count: number, who: string): number {
  if (Number.isInteger(count) && count > 0) return count;
  throw new InputError({ who, expected: "layers: a number above 0, or a list", found: String(count) });
}
