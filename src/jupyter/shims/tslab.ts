/**
 * tslab's own module, so that notebooks written for tslab run unchanged: what a cell gets for `import * as tslab from "tslab"`.
 *
 * @module
 */
import { randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import { currentHost } from "../host.ts";
import { cutText } from "../plainText.ts";

/** One entry of the page, shown by one type of content. */
export interface Display {
  javascript(s: string): void;
  html(s: string): void;
  markdown(s: string): void;
  latex(s: string): void;
  svg(s: string): void;
  png(b: Uint8Array): void;
  jpeg(b: Uint8Array): void;
  gif(b: Uint8Array): void;
  pdf(b: Uint8Array): void;
  text(s: string): void;
  raw(contentType: string, b: string | Uint8Array): void;
}

/** Shows each content in an entry of its own. */
export const display: Display = makeDisplay(() => ({}));

/** Makes a `Display` with one entry of the page: what it shows replaces what it has shown before. */
export function newDisplay(): Display {
  const displayId = randomUUID();
  let update = false;
  return makeDisplay(() => {
    const options = { displayId, update };
    update = true;
    return options;
  });
}

/** The versions of tslab whose interface this is, of TypeScript, and of Node.js. */
export const versions = {
  tslab: "1.0.22",
  get typescript(): string {
    const { version } = createRequire(import.meta.url)("typescript/package.json") as { version: string };
    return version;
  },
  node: process.version,
};

function makeDisplay(nextOptions: () => { displayId?: string; update?: boolean }): Display {
  function raw(type: string, content: string | Uint8Array): void {
    const isText = typeof content === "string";
    const data = {
      "text/plain": isText ? cutText(content, 10_000) : `${type}, ${content.length} bytes`,
      [type]: isText ? content : Buffer.from(content).toString("base64"),
    };
    void currentHost().display({ data, metadata: {} }, nextOptions());
  }
  return {
    javascript: (s) => raw("text/javascript", s),
    html: (s) => raw("text/html", s),
    markdown: (s) => raw("text/markdown", s),
    latex: (s) => raw("text/latex", s),
    svg: (s) => raw("image/svg+xml", s),
    png: (b) => raw("image/png", b),
    jpeg: (b) => raw("image/jpeg", b),
    gif: (b) => raw("image/gif", b),
    pdf: (b) => raw("application/pdf", b),
    text: (s) => raw("text/plain", s),
    raw,
  };
}
