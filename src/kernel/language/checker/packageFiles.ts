import { dirname, join } from "node:path";

import { packageRoot } from "../../../package.ts";

const isSource = import.meta.url.endsWith(".ts");

/** The types of one of this package's modules, given without extension: its source when that is what runs. */
export function packageModule(name: string): string {
  return join(packageRoot, isSource ? "src" : "dist", name + (isSource ? ".ts" : ".d.ts"));
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
