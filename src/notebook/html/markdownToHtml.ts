import { Marked, type TokenizerAndRendererExtension } from "marked";
import type { Attachments } from "../nbformat.ts";
import { decodePath, embedImage } from "./embedImage.ts";
import { escapeHtml } from "../../escapeHtml.ts";
import { highlight } from "./highlight.ts";
import { withoutScripts } from "./withoutScripts.ts";

export interface MarkdownOptions {
  /** Where relative paths of pictures start. Default: the working directory. */
  directory?: string;
  /** Files that were pasted into the cell, named by `attachment:NAME`. Default: none. */
  attachments?: Attachments;
}

/**
 * Markdown as Jupyter understands it (GitHub's, with HTML) as HTML. Pictures named by relative paths and attachments are
 * embedded; those at other addresses are replaced by their description, since the page loads nothing. Formulas between
 * dollar signs are kept as they were written.
 */
export async function markdownToHtml(
  text: string,
  { directory = ".", attachments = {} }: MarkdownOptions = {},
): Promise<string> {
  const marked = new Marked({ gfm: true, async: true });
  const taken = new Set<string>();
  marked.use({
    extensions: [blockFormula, inlineFormula],
    renderer: {
      code: ({ text: code, lang }) =>
        `<pre class="code"><code>${highlight(code, lang?.split(/\s/)[0])}</code></pre>\n`,
      heading({ tokens, depth, text: title }) {
        const id = anchor(title, taken);
        return `<h${depth} id="${id}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
      },
    },
  });
  const html = withoutScripts(await marked.parse(text));
  return embedPictures(
    html,
    async (source) => attached(source, attachments) ?? (await embedImage(source, directory)),
  );
}

/** The name of a heading for links to it, as Jupyter makes it: the words with dashes between them. */
function anchor(title: string, taken: Set<string>): string {
  const name = title
    .replace(/[`*<>"']/g, "")
    .trim()
    .replace(/\s+/g, "-");
  let id = name;
  for (let n = 2; taken.has(id); n++) id = `${name}-${n}`;
  taken.add(id);
  return escapeHtml(id);
}

/** Formulas are not touched by Markdown: their underscores and backslashes mean something else. */
const blockFormula: TokenizerAndRendererExtension = {
  name: "blockFormula",
  level: "block",
  start: (source) => /\$\$/.exec(source)?.index,
  tokenizer(source) {
    const match = /^\$\$([\s\S]+?)\$\$/.exec(source);
    return match === null ? undefined : { type: "blockFormula", raw: match[0], text: match[1] };
  },
  renderer: (token) => `<div class="formula">${escapeHtml(String(token.text).trim())}</div>\n`,
};

const inlineFormula: TokenizerAndRendererExtension = {
  name: "inlineFormula",
  level: "inline",
  start: (source) => /\$/.exec(source)?.index,
  tokenizer(source) {
    const match = /^\$(?![\s$])([^$\n]*[^\s$\\])\$(?!\d)/.exec(source);
    return match === null ? undefined : { type: "inlineFormula", raw: match[0], text: match[1] };
  },
  renderer: (token) => `<span class="formula">${escapeHtml(String(token.text))}</span>`,
};

function attached(source: string, attachments: Attachments): string | undefined {
  if (!source.startsWith("attachment:")) return undefined;
  const name = decodePath(source.slice("attachment:".length));
  const [bundle] = Object.entries(attachments[name] ?? {});
  return bundle && `data:${bundle[0]};base64,${bundle[1]}`;
}

/** Gives every picture its bytes; asks `embed` for those that have none yet. */
async function embedPictures(
  html: string,
  embed: (source: string) => Promise<string | undefined>,
): Promise<string> {
  const parts = html.split(/(<img\b[^>]*>)/i);
  const embedded = parts.map(async (part) => {
    const source = /\ssrc\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))/i.exec(part);
    if (!/^<img\b/i.test(part) || source === null) return part;
    const address = unescape(source[1] ?? source[2] ?? source[3] ?? "");
    if (address.startsWith("data:")) return part;
    const data = await embed(address);
    if (data !== undefined) return part.replace(source[0], () => ` src="${data}"`);
    const [, alt = ""] = /\salt\s*=\s*"([^"]*)"/i.exec(part) ?? [];
    return `<span class="missing-picture">${alt === "" ? "a picture" : alt}: ${escapeHtml(address)}</span>`;
  });
  return (await Promise.all(embedded)).join("");
}

function unescape(attribute: string): string {
  return attribute.replaceAll("&quot;", '"').replaceAll("&#39;", "'").replaceAll("&amp;", "&");
}
