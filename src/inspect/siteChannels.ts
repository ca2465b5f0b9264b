import { InputError } from "../errors.ts";
import type { Site } from "./modelGraph.ts";

/**
 * Which channels of a layer are meant.
 *
 * @param wanted by index, or a number for that many from the start; undefined: all
 * @throws InputError for a channel that is not there
 */
export function siteChannels(
  site: Site,
  wanted: number | readonly number[] | undefined,
  who: string,
): readonly number[] {
  const depth = site.shape.at(-1);
  if (site.shape.length < 2 || typeof depth !== "number") {
    throw new InputError({ who, expected: "a layer with channels", found: `"${site.path}"` });
  }
  const all = Array.from({ length: depth }, (_, i) => i);
  if (wanted === undefined) return all;
  if (typeof wanted === "number" && Number.isInteger(wanted) && wanted > 0) return all.slice(0, wanted);
  const missing = typeof wanted === "number" ? wanted : wanted.find((channel) => !all.includes(channel));
  if (typeof wanted !== "number" && wanted.length > 0 && missing === undefined) return wanted;
  const expected = `channels of "${site.path}", 0 to ${depth - 1}`;
  throw new InputError({ who, expected, found: missing === undefined ? "none" : String(missing) });
}
