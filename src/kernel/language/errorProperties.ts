import { inspect } from "node:util";

/** What a traceback says of an error in its own way, also where a class has declared it as a field. */
const known = ["name", "message", "stack", "cause", "errors"];

/** Values are shown so deep, and so many of a list. */
const limits = { depth: 1, maxArrayLength: 10, maxStringLength: 500 };

/**
 * What an error bears besides its message, as lines: the `code` and `path` of a failed file operation, the `status` of a command. None
 * where there is nothing, or where asking fails.
 */
export function propertiesOf(error: Error): string[] {
  try {
    const own = Object.entries(error).filter(([name, value]) => !known.includes(name) && value !== undefined);
    if (own.length === 0) return [];
    const text = inspect(Object.fromEntries(own), limits);
    return ["", ...text.split("\n").map((line) => `    ${line}`)];
  } catch {
    return [];
  }
}
