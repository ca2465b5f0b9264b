import { InputError } from "../errors.ts";
import { findLayer, type NamedLayer } from "./findLayer.ts";
import { pathOf, type ModelGraph, type Site } from "./modelGraph.ts";

/** Where in a model: the name of a layer, inside nested models with theirs before it (`"vgg16/block5_conv3"`), or its index. */
export interface SiteOptions {
  /** A layer by its name, or by its index in `model.layers` (negative: from the end). */
  layer: string | number;
  /** Which use of a layer that is used several times, 0 for the first. Default: the first of those in `among`, else the first. */
  use?: number | undefined;
  /** Slots of which one is meant. */
  among?: ReadonlySet<number>;
  who: string;
}

/**
 * Finds what a layer gives at one of its uses. A name alone finds a layer of a nested model as well, if it is the only one so called.
 *
 * @throws InputError when there is none; the message names those that are near
 */
export function findSite(graph: ModelGraph, { layer, use, among, who }: SiteOptions): Site {
  // One of several outputs has a name that no layer has.
  const exact = graph.sites.filter(({ path }) => path === layer);
  const sites = exact.length > 0 ? exact : sitesOf(graph, findLayer(graph.model, layer, who));
  const site =
    use === undefined
      ? (sites.find(({ slot }) => among?.has(slot)) ?? sites[0])
      : sites.find((candidate) => candidate.use === use);
  if (site !== undefined) return site;
  throw new InputError({
    who,
    expected: `use: 0 to ${sites.length - 1}, for "${sites[0]!.path}" is used ${times(sites.length)}`,
    found: String(use),
  });
}

/** What a layer gives: each of its outputs, at each of its uses. */
export function sitesOf({ sites }: ModelGraph, { path, layer }: NamedLayer): Site[] {
  const own = sites.filter((site) => pathOf(site) === path);
  // The model that a Sequential begins with is no call in its graph: its layers stand there themselves.
  return own.length > 0 ? own : sites.filter((site) => site.layer === layer);
}

/** How often the layer of a site is used in the model. */
export function countUses(graph: ModelGraph, { path }: Site): number {
  return graph.sites.filter((site) => site.path === path).length;
}

const times = (count: number): string => (count === 1 ? "once" : `${count} times`);
