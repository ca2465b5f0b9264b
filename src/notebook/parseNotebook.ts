import { createHash } from "node:crypto";
import { InputError } from "../errors.ts";
import type { Attachments, Cell, CellMetadata, Notebook, NotebookMetadata, Output } from "./nbformat.ts";

type Json = Record<string, unknown>;

/**
 * Reads the text of an .ipynb file, nbformat 4.0 to 4.5: texts are joined, missing cell ids are made from the cell's
 * place and content (the same file always gets the same ids), fields that nbformat 4.5 does not know are left out.
 *
 * @param who what the messages call the file, usually its path
 * @throws InputError when the text is no notebook or one of another major version
 */
export function parseNotebook(text: string, { who = "notebook" }: { who?: string } = {}): Notebook {
  const content = parseJson(text, who);
  if (!isObject(content) || typeof content.nbformat !== "number") {
    throw new InputError({ who, expected: "a Jupyter notebook", found: "JSON without nbformat" });
  }
  if (content.nbformat !== 4) {
    throw new InputError({
      who,
      expected: "a notebook of format 4",
      found: `format ${content.nbformat}`,
      fix: "open it in JupyterLab and save it",
    });
  }
  if (!Array.isArray(content.cells)) {
    throw new InputError({ who, expected: "a list of cells", found: nameOf(content.cells) });
  }
  const seen = new Set<string>();
  const cells = content.cells.map((cell, index) => toCell(cell, index, seen, who));
  return { metadata: toNotebookMetadata(content.metadata), cells };
}

function parseJson(text: string, who: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (cause) {
    throw new InputError({
      who,
      expected: "a Jupyter notebook (JSON)",
      found: text.trim() === "" ? "an empty file" : (cause as Error).message,
      cause,
    });
  }
}

function toNotebookMetadata(value: unknown): NotebookMetadata {
  const { kernelspec, language_info, ...rest } = isObject(value) ? value : {};
  const metadata: NotebookMetadata = rest;
  // The schema wants both names of a kernelspec, and the name of a language; files with less are in the world.
  if (isObject(kernelspec) && typeof kernelspec.name === "string") {
    metadata.kernelspec = { display_name: kernelspec.name, ...kernelspec, name: kernelspec.name };
  }
  if (isObject(language_info) && typeof language_info.name === "string") {
    metadata.language_info = { ...language_info, name: language_info.name };
  }
  return metadata;
}

function toCell(value: unknown, index: number, seen: Set<string>, who: string): Cell {
  const at = `${who}: cell ${index + 1}`;
  if (!isObject(value)) throw new InputError({ who: at, expected: "an object", found: nameOf(value) });
  const source = joinLines(value.source, at);
  const metadata = (isObject(value.metadata) ? value.metadata : {}) as CellMetadata;
  const base = { id: toId(value.id, index, source, seen), source, metadata };
  const attachments = isObject(value.attachments) ? { attachments: value.attachments as Attachments } : {};
  switch (value.cell_type) {
    case "code":
      return {
        ...base,
        cell_type: "code",
        execution_count: toCount(value.execution_count),
        outputs: Array.isArray(value.outputs) ? value.outputs.map((output) => toOutput(output, at)) : [],
      };
    case "markdown":
      return { ...base, ...attachments, cell_type: "markdown" };
    case "raw":
      return { ...base, ...attachments, cell_type: "raw" };
    default:
      throw new InputError({
        who: at,
        expected: "a code, markdown or raw cell",
        found: JSON.stringify(value.cell_type) ?? "none",
      });
  }
}

function toId(value: unknown, index: number, source: string, seen: Set<string>): string {
  const given = typeof value === "string" && /^[\w-]{1,64}$/.test(value) ? value : undefined;
  let id = given ?? hashOf(`${index}\n${source}`);
  for (let attempt = 0; seen.has(id); attempt++) id = hashOf(`${attempt}\n${index}\n${source}`);
  seen.add(id);
  return id;
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}

function toOutput(value: unknown, who: string): Output {
  if (!isObject(value)) throw new InputError({ who, expected: "outputs as objects", found: nameOf(value) });
  switch (value.output_type) {
    case "stream":
      return {
        output_type: "stream",
        name: value.name === "stderr" ? "stderr" : "stdout",
        text: joinLines(value.text, who),
      };
    case "display_data":
      return { output_type: "display_data", ...toBundle(value) };
    case "execute_result":
      return {
        output_type: "execute_result",
        execution_count: toCount(value.execution_count),
        ...toBundle(value),
      };
    case "error":
      return {
        output_type: "error",
        ename: String(value.ename),
        evalue: String(value.evalue),
        traceback: Array.isArray(value.traceback) ? value.traceback.map(String) : [],
      };
    default:
      throw new InputError({
        who,
        expected: "an output of type stream, display_data, execute_result or error",
        found: JSON.stringify(value.output_type) ?? "none",
      });
  }
}

function toBundle(value: Json): { data: Json; metadata: Json } {
  const data = isObject(value.data) ? value.data : {};
  const joined = Object.entries(data).map(([mime, content]) => [mime, joinMime(mime, content)] as const);
  return { data: Object.fromEntries(joined), metadata: isObject(value.metadata) ? value.metadata : {} };
}

/** Only JSON types may hold a list that is a value of its own; for all others a list means lines. */
function joinMime(mime: string, content: unknown): unknown {
  const isJson = mime === "application/json" || mime.endsWith("+json");
  return !isJson && Array.isArray(content) ? content.join("") : content;
}

function joinLines(value: unknown, who: string): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.every((line) => typeof line === "string")) return value.join("");
  throw new InputError({ who, expected: "text or a list of lines", found: nameOf(value) });
}

function toCount(value: unknown): number | null {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 ? value : null;
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function nameOf(value: unknown): string {
  if (value === undefined) return "none";
  if (value === null) return "null";
  return Array.isArray(value) ? "a list" : `a ${typeof value}`;
}
