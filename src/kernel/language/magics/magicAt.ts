import { parseCell, takesExpression, type MagicLine } from "./parseCell.ts";

/** Where the cursor is in a line that is a magic, or is becoming one. */
export type MagicPlace =
  /** Its name, which begins with `%` at `start`. */
  | { part: "name"; name: string; start: number }
  /** What stands behind it and is no TypeScript; `typed` is the word before the cursor, which begins at `start`. */
  | { part: "argument"; name: string; start: number; typed: string }
  /** TypeScript: the cell without the magic around it, each character at its place. */
  | { part: "expression"; code: string };

/** What stands at an offset of a cell; undefined when it is no magic. */
export function magicAt(code: string, offset: number): MagicPlace | undefined {
  const start = code.lastIndexOf("\n", offset - 1) + 1;
  const line = /.*/.exec(code.slice(start))![0];
  if (/^\s*%/.test(line)) return namedAt(code, offset, start);
  if (!/^\s*[!?]|\?\s*$/.test(line)) return undefined;
  const magic = parseCell(code).magics.find((each) => each.start >= start && each.start < offset);
  if (magic === undefined || magic.start >= start + line.length) return undefined;
  return magic.name === "!" ? argumentAt(code, offset, magic) : askedAt(code, offset, magic);
}

/** The name may be unfinished, and what stands behind it too. */
function namedAt(code: string, offset: number, lineStart: number): MagicPlace | undefined {
  const before = code.slice(0, lineStart);
  // Where a statement may start, any magic may.
  if (!parseCell(`${before}%who`).magics.some(({ start }) => start === lineStart)) return undefined;
  const start = code.indexOf("%", lineStart);
  const name = /^\w*/.exec(code.slice(start + 1))![0];
  const nameEnd = start + 1 + name.length;
  if (offset <= start) return undefined;
  if (offset <= nameEnd) return { part: "name", name, start };
  if (takesExpression(name)) return { part: "expression", code: blanked(code, start, nameEnd) };
  return argumentAt(code, offset, { name, start: nameEnd });
}

function argumentAt(
  code: string,
  offset: number,
  { name, start }: Pick<MagicLine, "name" | "start">,
): MagicPlace {
  const typed = /[^\s!]*$/.exec(code.slice(start, offset))![0];
  return { part: "argument", name, start: offset - typed.length, typed };
}

/** The cursor in `name?`, in its name or behind the question mark. */
function askedAt(code: string, offset: number, magic: MagicLine): MagicPlace {
  const from = code.indexOf(magic.argument, magic.start);
  const to = from + magic.argument.length;
  if (offset > to) return { part: "argument", name: magic.name, start: offset, typed: "" };
  return { part: "expression", code: blanked(blanked(code, magic.start, from), to, magic.end) };
}

/** Spaces instead of a part, after a semicolon where there is room for one: what stands above ends there. */
function blanked(code: string, start: number, end: number): string {
  const spaces = ";".padEnd(end - start).slice(0, end - start);
  return code.slice(0, start) + spaces + code.slice(end);
}
