import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** The directory of this package, seen from `src` as well as from `dist`. */
export const packageRoot = dirname(dirname(fileURLToPath(import.meta.url)));

/** The version that package.json says. */
export function packageVersion(): string {
  return (createRequire(import.meta.url)("../package.json") as { version: string }).version;
}
