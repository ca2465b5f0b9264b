import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import type { CellMetadata, CodeCell, Notebook } from "../../../src/notebook/nbformat.ts";
import { formatNotebook } from "../../../src/notebook/formatNotebook.ts";
import { needPython } from "../../support/needs.ts";
import { root } from "../../support/paths.ts";

/** A code cell that has not run. */
export function code(source: string, metadata: CellMetadata = {}): CodeCell {
  return { id: "", cell_type: "code", source, metadata, execution_count: null, outputs: [] };
}

/** A notebook of code cells, with ids in their order. */
export function notebookOf(
  cells: readonly (string | CodeCell)[],
  metadata: Notebook["metadata"] = {},
): Notebook {
  return {
    metadata,
    cells: cells.map((cell, index) => ({
      ...(typeof cell === "string" ? code(cell) : cell),
      id: `cell-${index}`,
    })),
  };
}

/** Writes such a notebook into a directory; returns its path. */
export function writeCells(
  directory: string,
  name: string,
  cells: readonly (string | CodeCell)[],
  metadata: Notebook["metadata"] = {},
): string {
  const path = join(directory, name);
  writeFileSync(path, formatNotebook(notebookOf(cells, metadata)));
  return path;
}

/** How to start ipykernel, the reference among kernels; the test is skipped where it is not installed. */
export function needIpykernel(this: Mocha.Context): { argv: string[] } {
  return { argv: [needPython.call(this), "-m", "ipykernel_launcher", "-f", "{connection_file}"] };
}

/** nbformat's own JSON schema of version 4.5, from the Python package; undefined where it is not installed. */
const libraries = join(root, ".venv/lib");
const schemaPath = (existsSync(libraries) ? readdirSync(libraries) : [])
  .map((name) => join(libraries, name, "site-packages/nbformat/v4/nbformat.v4.5.schema.json"))
  .find((path) => existsSync(path));

/** What nbformat's schema says against the text of a notebook: nothing if it is valid; undefined without the schema. */
export const schemaErrors = schemaPath === undefined ? undefined : validator(schemaPath);

function validator(path: string): (text: string) => string[] {
  const schema = JSON.parse(readFileSync(path, "utf8")) as { $schema?: string };
  // The schema says draft 4, and needs nothing that draft 7 changed.
  delete schema.$schema;
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  const validate = ajv.compile(schema);
  return (text) => {
    if (validate(JSON.parse(text))) return [];
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ""}`);
  };
}
