import { existsSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../package.ts";

/**
 * Where a set may lie: in `directory` where the user gave one, else in what CONVOSCOPE_DATA names, else beside this package;
 * each time in the set's own directory of that place, or in the place itself.
 */
export function dataRoots(set: string, directory?: string): string[] {
  const given = directory ?? process.env.CONVOSCOPE_DATA;
  const places = given ? [join(given, set), given] : [join(packageRoot, "..", "shared", "data", set)];
  return places.filter((place) => existsSync(place));
}
