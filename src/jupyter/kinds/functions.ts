import { plainText } from "../plainText.ts";
import type { Kind } from "./kind.ts";

type Callable = (...parameters: unknown[]) => unknown;

/** Functions with their parameters: `[Function: add(a, b)]`. Classes are printed as any other value. */
export const functions: Kind<Callable> = {
  is: (value): value is Callable => typeof value === "function",
  render(value) {
    const source = Function.prototype.toString.call(value);
    const text = plainText(value);
    const parameters = /^class\b/.test(source) ? undefined : parametersOf(source);
    if (parameters === undefined) return { "text/plain": text };
    const named = text.replace(
      /^\[(\w*Function)(?:: | )((?:(?!\]).)+)\]/,
      (_, type: string, name: string) => `[${type}: ${name === "(anonymous)" ? "" : name}(${parameters})]`,
    );
    return { "text/plain": named };
  },
};

/** The names of the parameters; undefined for functions of the engine, whose source is not known. */
function parametersOf(source: string): string | undefined {
  if (/\{\s*\[native code\]\s*\}$/.test(source)) return undefined;
  const [, single] = /^(?:async\s+)?([\w$]+)\s*=>/.exec(source) ?? [];
  if (single !== undefined) return single;
  const start = source.indexOf("(") + 1;
  const parts = splitAtCommas(source, start);
  return parts.map(withoutDefault).join(", ");
}

/** The parts of a list in brackets that begins at `start`, up to its closing bracket. Strings and brackets inside are skipped. */
function splitAtCommas(source: string, start: number): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = start;
  const token = /(["'`])(?:\\[^]|(?!\1)[^\\])*\1|\/\*[^]*?\*\/|\/\/.*|[()[\]{},]/g;
  token.lastIndex = start;
  for (let match = token.exec(source); match !== null; match = token.exec(source)) {
    const [text] = match;
    if (/^[([{]$/.test(text)) depth++;
    const closes = /^[)\]}]$/.test(text);
    if ((closes || text === ",") && depth === 0) {
      parts.push(source.slice(from, match.index));
      from = match.index + 1;
      if (closes) break;
    } else if (closes) depth--;
  }
  return parts.map((part) => part.replace(/\s+/g, " ").trim()).filter((part) => part !== "");
}

/** A default that is more than a number, a string or a word is left out. */
function withoutDefault(parameter: string): string {
  const [, name, value] = /^([\w$]+|[[{].*[\]}])\s*=\s*(.*)$/.exec(parameter) ?? [];
  if (name === undefined || value === undefined) return parameter;
  return /^(-?[\d._]+|"[^"]{0,20}"|'[^']{0,20}'|true|false|null|undefined|\[\]|\{\})$/.test(value)
    ? parameter
    : `${name} = …`;
}
