import { parseTypeScript, spanOf } from "../syntaxTree.ts";

/** A line of a cell that is no TypeScript: `%who`, `!ls`, `name?`. Offsets are those of the cell. */
export interface MagicLine {
  /** As in the table of magics: `time`, `!` for a command of the shell, `?` and `??` for help. */
  name: string;
  /** What stands behind the name; for help, what it is asked of. */
  argument: string;
  start: number;
  end: number;
  /** The expression behind `%time` and `%timeit`, where it is one; it may go on over more lines. */
  expression?: { start: number; end: number };
}

export interface ParsedCell {
  /**
   * The cell with its magics blanked out, for whoever checks types: every character that is left has the offset that it has
   * in the cell. The expressions of `%time` and `%timeit` stay.
   */
  typescript: string;
  /** The whole cell is one object literal, `{ a: 1, b: 2 }`, and must be read as if it stood in brackets. */
  isObject: boolean;
  magics: MagicLine[];
}

/** Magics that take an expression of the session. */
const timing = new Set(["time", "timeit"]);

/** Names behind `%` at the start of a statement that are certainly no modulo of a variable. */
const names = new Set([...timing, "ts", "who", "reset", "load", "lsmagic"]);

/** Whether a magic measures an expression. */
export function takesExpression(name: string): boolean {
  return timing.has(name);
}

/**
 * Finds the magics of a cell. A line is one only where a statement may start: `%` in the middle of an expression is modulo,
 * and text in templates and comments is text. `!name` is a command of the shell, other negations are TypeScript.
 */
export function parseCell(code: string): ParsedCell {
  if (isObjectLiteral(code)) return { typescript: code, isObject: true, magics: [] };
  const magics: MagicLine[] = [];
  // The first line of a script that a shell may start, which is none in the middle of what a cell becomes.
  let typescript = code.replace(/^#!/, "//");
  let start = 0;
  for (const line of code.split("\n")) {
    const found = start >= (magics.at(-1)?.end ?? 0) ? magicIn(line, start) : undefined;
    if (found && parses(typescript.slice(0, start)) && (found.certain || !parses(typescript))) {
      const magic = takesExpression(found.magic.name) ? withExpression(found.magic, code) : found.magic;
      magics.push(magic);
      typescript = blank(typescript, magic);
    }
    start += line.length + 1;
  }
  return { typescript, isObject: false, magics };
}

/** As in Node's REPL: what can be an object is one, and what ends with a semicolon is a block. */
function isObjectLiteral(code: string): boolean {
  return inBraces.test(code) && !code.trimEnd().endsWith(";") && parses(`(${code}\n)`);
}

/** White space and comments, then a brace. Each comment matches in one way only, or many of them would take forever. */
const inBraces = /^(?:\s|\/\/.*\n|\/\*(?:[^*]|\*(?!\/))*\*\/)*\{/;

function parses(code: string): boolean {
  return parseTypeScript(code).errors.length === 0;
}

const percent = /^\s*%(%?[a-z]\w*)(?:[ \t]+(.*?))?\s*$/i;
const shell =
  /^\s*!(?!(?:true|false|null|undefined|this|new|typeof|void|await|function|async|class)\b|[\w$.]+\()(\w.*|\.{0,2}\/.*|~\/.*)$/;
/** Commands that are written like a negation, where they cannot be one. */
const looseShell = /^\s*!\s*((?<=\s)\w.*|\(.*)$/;
const help = /^\s*(?:([\w$.[\]"']+?)(\?{1,2})|(\?{1,2})([\w$.[\]"']+))\s*$/;

/** The magic that a line is if a statement may start there; `certain` when it is whatever else it might be read as. */
function magicIn(line: string, offset: number): { magic: MagicLine; certain: boolean } | undefined {
  const text = line.trimEnd();
  const place = { start: offset + line.search(/\S|$/), end: offset + text.length };
  const magic = percent.exec(text);
  if (magic) {
    const [, name, argument = ""] = magic as unknown as [string, string, string?];
    return { magic: { name, argument, ...place }, certain: names.has(name) };
  }
  const command = shell.exec(text);
  if (command) return { magic: { name: "!", argument: command[1]!.trim(), ...place }, certain: true };
  const loose = looseShell.exec(text);
  if (loose && !parses(text))
    return { magic: { name: "!", argument: loose[1]!.trim(), ...place }, certain: false };
  const asked = help.exec(text);
  if (!asked) return undefined;
  const [, before, marksBehind, marksBefore, behind] = asked;
  return {
    magic: { name: (marksBehind ?? marksBefore)!, argument: (before ?? behind)!, ...place },
    certain: false,
  };
}

/** The magic with the expression that starts in its line and ends in this or a later one. */
function withExpression(magic: MagicLine, code: string): MagicLine {
  const start = code.indexOf(magic.argument, magic.start + 1 + magic.name.length);
  for (let end = magic.end; ;) {
    const { program, errors } = parseTypeScript(code.slice(start, end));
    const [statement] = program.body;
    if (errors.length === 0 && program.body.length === 1 && statement?.type === "ExpressionStatement") {
      const span = spanOf(statement.expression);
      return { ...magic, end, expression: { start: start + span.start, end: start + span.end } };
    }
    if (end >= code.length) return magic;
    const next = code.indexOf("\n", end + 1);
    end = next < 0 ? code.length : next;
  }
}

/** Blanks a magic with a semicolon and spaces, so that what stands above it ends there. */
function blank(code: string, { start, end, expression }: MagicLine): string {
  const spaces = (from: number, to: number): string => code.slice(from, to).replace(/[^\n]/g, " ");
  const from = expression?.start ?? end;
  const kept = expression === undefined ? "" : code.slice(from, end);
  return `${code.slice(0, start)};${spaces(start + 1, from)}${kept}${code.slice(end)}`;
}
