import { relative } from "node:path";
import ts from "typescript";

import type { MimeBundle } from "../../../jupyter/mimeBundle.ts";

/** What is known by types, and what else could be asked. */
export interface TypedInspection {
  bundle?: MimeBundle;
  /** The expression whose type says nothing: its value may be known. */
  untyped?: string;
}

/** What is known of a name, in parts. */
export interface Description {
  /** As TypeScript writes it. */
  signature: string;
  documentation: string;
  tags: readonly ts.JSDocTagInfo[];
}

/** The source of a definition. */
export interface Definition {
  text: string;
  /** Undefined for cells. */
  file?: string;
}

export function describeQuickInfo({ displayParts, documentation, tags = [] }: ts.QuickInfo): Description {
  return {
    signature: ts
      .displayPartsToString(displayParts)
      // That it was imported, and that we brought it from another cell, is not what was asked.
      .replace(/^\(alias\) /gm, "")
      .replace(/\nimport .*$/, ""),
    documentation: ts.displayPartsToString(documentation),
    tags,
  };
}

/** The call around the cursor: its signature, and what is said of the argument that stands there. */
export function describeCall({
  items,
  selectedItemIndex,
  argumentIndex,
}: ts.SignatureHelpItems): Description {
  const item = items[selectedItemIndex]!;
  const text = ts.displayPartsToString;
  const parameters = item.parameters.map(({ displayParts }) => text(displayParts));
  const current = item.parameters[argumentIndex];
  const ofParameter = current && text(current.documentation);
  return {
    signature:
      text(item.prefixDisplayParts) +
      parameters.join(text(item.separatorDisplayParts)) +
      text(item.suffixDisplayParts),
    documentation: [text(item.documentation), ...(ofParameter ? [`\`${current.name}\`: ${ofParameter}`] : [])]
      .filter((part) => part !== "")
      .join("\n\n"),
    tags: item.tags.filter(({ name }) => name !== "param"),
  };
}

/** Markdown for front ends that show it, and the same as plain text. */
export function toMimeBundle(
  { signature, documentation, tags }: Description,
  definition: Definition | undefined,
  directory: string,
): MimeBundle {
  const heading = definition?.file === undefined ? "Definition" : relative(directory, definition.file);
  const markdown = [
    fence(signature),
    documentation,
    ...tags.map(tagAsMarkdown),
    ...(definition === undefined ? [] : [`**${heading}**`, fence(definition.text)]),
  ];
  const plain = [
    signature,
    documentation,
    ...tags.map(tagAsText),
    ...(definition === undefined ? [] : [`${heading}:`, definition.text]),
  ];
  return { data: { "text/markdown": join(markdown), "text/plain": join(plain) }, metadata: {} };
}

function join(parts: string[]): string {
  return parts.filter((part) => part !== "").join("\n\n");
}

function fence(code: string): string {
  return `\`\`\`ts\n${code}\n\`\`\``;
}

function tagAsMarkdown({ name, text = [] }: ts.JSDocTagInfo): string {
  const body = ts.displayPartsToString(text);
  const parameter = text.find(({ kind }) => kind === "parameterName" || kind === "typeParameterName")?.text;
  if (parameter !== undefined) {
    const rest = body.slice(body.indexOf(parameter) + parameter.length).replace(/^[\s-]+/, "");
    return `*@${name}* \`${parameter}\` ${rest}`.trimEnd();
  }
  if (name === "example" && !body.includes("```")) return `*@${name}*\n\n${fence(body)}`;
  return `*@${name}* ${body}`.trimEnd();
}

function tagAsText({ name, text }: ts.JSDocTagInfo): string {
  return `@${name} ${ts.displayPartsToString(text)}`.trimEnd();
}
