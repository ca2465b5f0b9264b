import { existsSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(import.meta.url);
const isSource = extname(here) === ".ts";

/** The directory of the package that this very file is part of. */
export const packageDirectory = upwards(dirname(here)).find((directory) =>
  existsSync(join(directory, "package.json")),
)!;

/** The types of one of this package's modules, given without extension: its source when that is what runs. */
export function packageModule(name: string): string {
  return join(packageDirectory, isSource ? "src" : "dist", name + (isSource ? ".ts" : ".d.ts"));
}

/** A directory and those above it. */
export function upwards(directory: string): string[] {
  const above = dirname(directory);
  return above === directory ? [directory] : [directory, ...upwards(above)];
}

/** Whether a file belongs to an installed package; such files change only when something is installed. */
export function isInPackage(path: string): boolean {
  return path.includes("/node_modules/");
}
