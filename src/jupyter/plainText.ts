import { inspect, types } from "node:util";

/** Text longer than this is cut, in UTF-16 units. */
const maxText = 100_000;

/** Objects with more properties than this show the first ones. */
const maxProperties = 1_000;

/** Nested arrays that would show more numbers than this show fewer on each level. */
const maxItems = 10_000;

/**
 * The value as `console.log` would print it inside an object: strings with quotes, nothing in colour. Whatever a value does when
 * it is looked at, this gives a text.
 */
export function plainText(value: unknown): string {
  return cutText(inspectSafely(value));
}

/** The start of a text and how long it was; the text itself when it is not longer than `length`. */
export function cutText(text: string, length = maxText): string {
  if (text.length <= length) return text;
  return `${text.slice(0, length)}\n… (${text.length.toLocaleString("en")} characters, cut here)`;
}

/** Whether a value says itself how it is printed. Bytes do, and say nothing that matters. */
export function hasOwnText(value: object): boolean {
  try {
    return !ArrayBuffer.isView(value) && typeof Reflect.get(value, inspect.custom) === "function";
  } catch {
    return false;
  }
}

function inspectSafely(value: unknown): string {
  try {
    return inspectCut(value, true);
  } catch {
    // Its own method for printing throws.
  }
  try {
    return inspectCut(value, false);
  } catch (error) {
    return `[${typeof value} that cannot be printed: ${String((error as Error | undefined)?.message)}]`;
  }
}

function inspectCut(value: unknown, customInspect: boolean): string {
  const few = leafCount(value) > maxItems;
  const options = {
    depth: 4,
    colors: false,
    maxArrayLength: few ? 12 : 100,
    maxStringLength: 10_000,
    customInspect,
  };
  const keys = isPlainObject(value) ? Object.keys(value) : [];
  if (keys.length <= maxProperties) return inspect(value, options);
  const shown = keys.slice(0, maxProperties);
  const start = Object.defineProperties(
    {},
    Object.fromEntries(shown.map((key) => [key, Object.getOwnPropertyDescriptor(value, key)!])),
  );
  const rest = (keys.length - shown.length).toLocaleString("en");
  return `${inspect(start, options).replace(/\n?\s*\}$/, "")},\n  … ${rest} more properties\n}`;
}

/** How many items nested arrays would show, judged by the first of each level. */
function leafCount(value: unknown): number {
  let count = 1;
  // A proxy is not asked: its traps may throw.
  for (let item = value; !types.isProxy(item) && Array.isArray(item); item = item[0]) {
    count *= Math.min(item.length, 100);
    if (count > maxItems || count === 0) break;
  }
  return count;
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== "object" || value === null || types.isProxy(value)) return false;
  return Object.getPrototypeOf(value) === Object.prototype;
}
