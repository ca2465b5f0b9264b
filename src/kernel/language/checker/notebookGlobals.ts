import { join } from "node:path";

import { packageRoot } from "../../../package.ts";
import { packageModule } from "./packageFiles.ts";

/** A file of declarations that every cell sees; it need not be on the disk. */
export interface AmbientFile {
  path: string;
  text: string;
}

/** What cells have without importing it: functions of this package, each with the module that exports it. */
const functions: Readonly<Record<string, string>> = {
  display: "jupyter/display",
  clearOutput: "jupyter/clearOutput",
  html: "jupyter/template",
  md: "jupyter/template",
  svg: "jupyter/template",
  input: "jupyter/input",
};

/** And what is made for cells alone: properties of `NotebookGlobals`. */
const properties: readonly string[] = ["prompt", "confirm", "alert", "kernel", "Deno"];

/** Declares what the kernel gives to each cell. Where a module is not there, its names are `any`. */
export function notebookGlobals(): AmbientFile {
  const from = (module: string): string => `import(${JSON.stringify(packageModule(module))})`;
  const declarations = [
    ...Object.entries(functions).map(([name, module]) => `const ${name}: typeof ${from(module)}.${name};`),
    ...properties.map((name) => `const ${name}: ${from("jupyter/globals")}.NotebookGlobals["${name}"];`),
  ];
  return {
    path: join(packageRoot, "convoscope-globals.d.ts"),
    text: ["export {};", "declare global {", ...declarations, "}"].join("\n"),
  };
}
