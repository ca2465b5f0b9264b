import { InputError } from "../errors.ts";
import { nearestName } from "../nearestName.ts";
import type { ModelGraph, Site } from "./modelGraph.ts";

/** Where in a model: the name of a layer, inside nested models with theirs before it (`"vgg16/block5_conv3"`), or its index. */
export interface SiteOptions {
  /** A layer by its name, or by its index in `model.layers` (negative: from the end). */
  layer: string | number;
  /** Which use of a layer that is used several times, 0 for the first. Default 0. */
  use?: number | undefined;
  who: string;
}

/**
 * Finds what a layer gives at one of its uses. A name alone finds a layer of a nested model as well, if it is the only one so called.
 *
 * @throws InputError when there is none; the message names those that are near
 */
export function findSite(graph: ModelGraph, { layer, use = 0, who }: SiteOptions): Site {
  const name = typeof layer === "number" ? graph.layerNames.at(layer) : layer;
  const found = graph.sites.filter(({ path }) => path === name || path === `${name}[0]`);
  const deeper = graph.sites.filter(({ path }) => path.endsWith(`/${name}`));
  const sites = found.length > 0 ? found : deeper;
  if (sites.length === 0) {
    throw new InputError({
      who,
      expected: `a layer of "${graph.name}"`,
      found: JSON.stringify(layer),
      fix: adviceFor(layer, graph),
    });
  }
  const paths = new Set(sites.map(({ path }) => path));
  if (paths.size > 1) {
    throw new InputError({
      who,
      expected: "a layer",
      found: `several called "${String(name)}"`,
      fix: `give one of ${[...paths].map((path) => `"${path}"`).join(", ")}`,
    });
  }
  const site = sites.find((candidate) => candidate.use === use);
  if (site !== undefined) return site;
  throw new InputError({
    who,
    expected: `use: 0 to ${sites.length - 1}, for "${sites[0]!.path}" is used ${times(sites.length)}`,
    found: String(use),
  });
}

/** How often the layer of a site is used in the model. */
export function countUses(graph: ModelGraph, { path }: Site): number {
  return graph.sites.filter((site) => site.path === path).length;
}

const times = (count: number): string => (count === 1 ? "once" : `${count} times`);

/** How many names a message lists at most. */
const mostNames = 12;

function adviceFor(wanted: string | number, graph: ModelGraph): string {
  const paths = [...new Set(graph.sites.map(({ path }) => path))];
  if (typeof wanted === "number") {
    const last = graph.layerNames.length - 1;
    return `there are layers ${-last - 1} to ${last}`;
  }
  const leaves = new Map(paths.map((path) => [path.slice(path.lastIndexOf("/") + 1), path]));
  const near = nearestName(wanted, [...leaves.keys()]);
  const alike = paths.filter((path) => near !== undefined && stemOf(path) === stemOf(leaves.get(near)!));
  if (near === undefined || alike.length === 0) return `layers: ${listNames(paths)}`;
  const best = leaves.get(near)!;
  return `did you mean "${best}"? near it: ${listNames(alike.filter((path) => path !== best))}`.replace(
    / near it: $/,
    "",
  );
}

/** A name without its numbers: those that differ only by them are near one another. */
const stemOf = (path: string): string => path.replace(/\d+/g, "");

function listNames(names: readonly string[]): string {
  const more = names.length - mostNames;
  return names.slice(0, mostNames).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
