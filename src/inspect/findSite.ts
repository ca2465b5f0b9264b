import { InputError } from "../errors.ts";
import { findLayer } from "./findLayer.ts";
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
  const sites = sitesOf(graph, layer, who);
  const site = sites.find((candidate) => candidate.use === use);
  if (site !== undefined) return site;
  throw new InputError({
    who,
    expected: `use: 0 to ${sites.length - 1}, for "${sites[0]!.path}" is used ${times(sites.length)}`,
    found: String(use),
  });
}

function sitesOf({ model, sites }: ModelGraph, wanted: string | number, who: string): Site[] {
  // One of several outputs has a name that no layer has.
  const exact = sites.filter(({ path }) => path === wanted);
  if (exact.length > 0) return exact;
  const found = findLayer(model, wanted, who);
  const own = sites.filter(({ path }) => path === found.path || path === `${found.path}[0]`);
  // The model that a Sequential begins with is no call in its graph: its layers stand there themselves.
  return own.length > 0 ? own : sites.filter(({ layer }) => layer === found.layer);
}

/** How often the layer of a site is used in the model. */
export function countUses(graph: ModelGraph, { path }: Site): number {
  return graph.sites.filter((site) => site.path === path).length;
}

const times = (count: number): string => (count === 1 ? "once" : `${count} times`);
