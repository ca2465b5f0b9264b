import { extname } from "node:path";
import { inspect } from "node:util";
import { atomicWriteFile } from "../atomicWrite.ts";
import { InputError } from "../errors.ts";
import { escapeHtml } from "../escapeHtml.ts";
import {
  displaySymbol,
  metadataSymbol,
  type Displayable,
  type MimeBundle,
  type MimeData,
} from "../jupyter/mimeBundle.ts";

/** A picture, a chart or a table: it shows itself in a notebook, a script can save it, a test can read its numbers. */
export interface View<Data = unknown> extends Displayable {
  /** The numbers that are shown. */
  readonly data: Data;
  /** The same in words: what a terminal prints, what a screen reader says. */
  readonly text: string;
  /** All representations, as Jupyter wants them. */
  bundle(): Promise<MimeBundle>;
  png(): Promise<Uint8Array>;
  /** Where there is one: charts. */
  svg?(): Promise<string>;
  /**
   * Writes a file; its extension says what: `.png`, `.txt`, `.json` (the numbers), `.svg` for charts, `.html` for tables.
   *
   * @throws InputError for another extension, or when the file system refuses
   */
  save(path: string): Promise<void>;
  /** What `console.log` prints: the text. */
  [inspect.custom](): string;
}

/** A PNG and the size at which it is shown; its own is larger where it is sharp on fine screens. */
export interface Png {
  bytes: Uint8Array;
  width: number;
  height: number;
}

/** What a view is made of. */
export interface ViewParts<Data> {
  data: Data;
  text: string;
  /** A short sentence that stands for the picture. */
  alt: string;
  /** Called when a PNG is first wanted, and once. */
  png: () => Promise<Png>;
  svg?: () => Promise<string>;
  /** Shown instead of the PNG: a table. */
  html?: string | (() => string);
  /** Shown instead of the PNG where a front end draws charts itself: a specification of Vega-Lite 5. */
  vegaLite?: object;
}

const vegaLiteType = "application/vnd.vegalite.v5+json";

/** Makes a {@link View} of its parts. The PNG is drawn when it is first wanted and kept. */
export function createView<Data>({ data, text, alt, png, svg, html, vegaLite }: ViewParts<Data>): View<Data> {
  let drawn: Promise<Png> | undefined;
  const draw = (): Promise<Png> => (drawn ??= png());
  const table = (): string => (typeof html === "function" ? html() : (html ?? ""));

  async function bundle(): Promise<MimeBundle> {
    const plain = { "text/plain": text };
    // Front ends prefer HTML to a PNG, so a table comes without one.
    if (html !== undefined) return { data: { "text/html": table(), ...plain }, metadata: {} };
    const { bytes, width, height } = await draw();
    const pictures = {
      ...(vegaLite && { [vegaLiteType]: vegaLite }),
      "image/png": Buffer.from(bytes).toString("base64"),
    };
    return { data: { ...pictures, ...plain }, metadata: { "image/png": { width, height, alt }, alt } };
  }

  const contents: Record<string, () => Promise<string | Uint8Array>> = {
    ".png": async () => (await draw()).bytes,
    ".txt": () => Promise.resolve(`${text}\n`),
    ".json": () => Promise.resolve(`${JSON.stringify(data, plainArrays, 1)}\n`),
    ...(svg && { ".svg": svg }),
    ...(html !== undefined && { ".html": () => Promise.resolve(htmlPage(alt, table())) }),
  };

  async function save(path: string): Promise<void> {
    const content = contents[extname(path).toLowerCase()];
    if (content === undefined) {
      const expected = `a file name ending in ${Object.keys(contents).join(", ")}`;
      throw new InputError({ who: "save", expected, found: path });
    }
    await atomicWriteFile(path, await content());
  }

  async function display(): Promise<MimeData> {
    const { data: representations, metadata } = await bundle();
    return Object.defineProperty(representations, metadataSymbol, { value: metadata });
  }

  return {
    data,
    text,
    bundle,
    png: async () => (await draw()).bytes,
    ...(svg && { svg }),
    save,
    [displaySymbol]: display,
    [inspect.custom]: () => text,
  };
}

function plainArrays(_key: string, value: unknown): unknown {
  return ArrayBuffer.isView(value) ? Array.from(value as Float32Array) : value;
}

function htmlPage(title: string, body: string): string {
  return `<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>${escapeHtml(title)}</title>\n${body}\n</html>\n`;
}
