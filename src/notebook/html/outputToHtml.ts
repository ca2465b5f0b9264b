import type { Output } from "../nbformat.ts";
import { ansiToHtml } from "./ansiToHtml.ts";
import { escapeHtml } from "../../escapeHtml.ts";
import { highlight } from "./highlight.ts";
import { markdownToHtml } from "./markdownToHtml.ts";
import { withoutScripts } from "./withoutScripts.ts";

type Bundle = Record<string, unknown>;

/** The representations that a page can show, the richest first; the order is nbconvert's, without what needs scripts. */
const richness = [
  "text/html",
  "text/markdown",
  "image/svg+xml",
  "text/latex",
  "image/png",
  "image/jpeg",
  "image/gif",
  "image/webp",
  "text/plain",
] as const;

/** One output of a code cell as HTML: its richest representation, or the text of a stream or an error with its colours. */
export async function outputToHtml(output: Output): Promise<string> {
  switch (output.output_type) {
    case "stream":
      return `<pre class="output ${output.name}">${ansiToHtml(output.text)}</pre>`;
    case "error": {
      const traceback = output.traceback.join("\n");
      const text = traceback.trim() === "" ? `${output.ename}: ${output.evalue}` : traceback;
      return `<pre class="output error" role="group" aria-label="error">${ansiToHtml(text)}</pre>`;
    }
    default:
      return bundleToHtml(output.data, output.metadata);
  }
}

async function bundleToHtml(data: Bundle, metadata: Bundle): Promise<string> {
  const mime = richness.find((type) => typeof data[type] === "string");
  if (mime === undefined) return jsonToHtml(data);
  const content = data[mime] as string;
  switch (mime) {
    case "text/html":
      return `<div class="output html">${withoutScripts(content)}</div>`;
    case "text/markdown":
      return `<div class="output prose">${await markdownToHtml(content)}</div>`;
    case "text/latex":
      return `<div class="output formula">${escapeHtml(content)}</div>`;
    case "text/plain":
      return `<pre class="output plain">${ansiToHtml(content)}</pre>`;
    case "image/svg+xml":
      return picture(mime, Buffer.from(content).toString("base64"), data, metadata);
    default:
      return picture(mime, content.replace(/\s/g, ""), data, metadata);
  }
}

function picture(mime: string, base64: string, data: Bundle, metadata: Bundle): string {
  const own = (metadata[mime] ?? {}) as Bundle;
  const told = own.alt ?? metadata.alt ?? data["text/plain"];
  const attributes = [
    `src="data:${mime};base64,${base64}"`,
    `alt="${escapeHtml(typeof told === "string" ? told : "")}"`,
    ...["width", "height"].map((side) => {
      const length = Number(own[side] ?? metadata[side]);
      return length > 0 ? `${side}="${length}"` : "";
    }),
  ];
  const background = own.needs_background ?? metadata.needs_background;
  const dark = background === "dark" ? " on-dark" : "";
  return `<div class="output picture${dark}"><img ${attributes.filter((one) => one !== "").join(" ")}></div>`;
}

/** A value that came as JSON and nothing else. */
function jsonToHtml(data: Bundle): string {
  const json = data["application/json"];
  if (json === undefined) return "";
  return `<pre class="output plain">${highlight(JSON.stringify(json, undefined, 2), "json")}</pre>`;
}
