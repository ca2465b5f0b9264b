import type { EncodedSourceMap } from "@jridgewell/remapping";
import { TraceMap } from "@jridgewell/trace-mapping";
import MagicString from "magic-string";

import { parseCell, type MagicLine } from "./magics/parseCell.ts";
import { offsetOf, positionOf, toSource } from "./sourceMap.ts";
import { parseTypeScript, spanOf } from "./syntaxTree.ts";

/** A cell as TypeScript that can be compiled by itself. */
export interface PreparedCell {
  text: string;
  /** From the text to the cell; undefined when they are the same. */
  map: EncodedSourceMap | undefined;
  /** Where a place in the text is in the cell. */
  locate: (offset: number) => number;
  magics: MagicLine[];
  /** The names that the cell declares with `using` at its top level, and whether they are disposed of asynchronously. */
  disposable: Map<string, { async: boolean }>;
}

/** The function that prepared cells call for their magics, with the magic's number. The rewriting gives it its place. */
export const magicFunction = "$$magic";

/**
 * Makes TypeScript of what only cells can say: a magic becomes an awaited call, an object literal gets brackets, and `using`
 * at the top level becomes `const`, because its value lives as long as the cell and not only to the end of a block.
 */
export function prepareCell(source: string): PreparedCell {
  const { typescript, isObject, magics } = parseCell(source);
  const text = new MagicString(source);
  if (source.startsWith("#!")) text.overwrite(0, 2, "//");
  if (isObject) text.prepend("(").append("\n)");
  magics.forEach((magic, index) => callMagic(text, magic, index));
  const disposable = new Map<string, { async: boolean }>();
  if (/\busing\b/.test(typescript)) {
    for (const node of parseTypeScript(typescript).program.body) {
      if (node.type !== "VariableDeclaration" || !(node.kind as string).endsWith("using")) continue;
      const { start } = spanOf(node);
      text.overwrite(start, start + node.kind.length, "const");
      for (const { id } of node.declarations)
        if (id.type === "Identifier") disposable.set(id.name, { async: node.kind.length > "using".length });
    }
  }
  if (!text.hasChanged()) {
    return { text: source, map: undefined, locate: (offset) => offset, magics, disposable };
  }
  const prepared = text.toString();
  const map = { ...text.generateMap({ hires: true, source: "cell" }), version: 3 } as EncodedSourceMap;
  return {
    text: prepared,
    map,
    locate(offset) {
      const position = toSource(new TraceMap(map), positionOf(prepared, offset));
      return position ? offsetOf(source, position) : 0;
    },
    magics,
    disposable,
  };
}

function callMagic(text: MagicString, { start, end, expression }: MagicLine, index: number): void {
  if (expression === undefined) {
    text.overwrite(start, end, `;await ${magicFunction}(${index});`);
    return;
  }
  // Without need nothing is awaited, which would take longer than what is measured.
  const async = /\bawait\b/.test(text.original.slice(expression.start, expression.end)) ? "async " : "";
  text.overwrite(start, expression.start, `;await ${magicFunction}(${index}, ${async}() => (`);
  text.appendLeft(expression.end, "));");
}
