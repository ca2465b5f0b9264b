/** Deeper than any output is meant to be, and shallow enough for every reader's stack. */
const maxDepth = 200;

/**
 * A copy of an object that can be written as JSON. What JSON has no word for is said in text: large integers by their digits, an object
 * within itself as `[Circular]`; functions and symbols become null.
 */
export function cleanObject(value: Record<string, unknown>): Record<string, unknown> {
  return cleanFields(value, [value]);
}

function clean(value: unknown, ancestors: readonly object[]): unknown {
  if (typeof value === "bigint") return String(value);
  if (typeof value === "function" || typeof value === "symbol") return null;
  if (typeof value !== "object" || value === null) return value;
  if (ancestors.includes(value)) return "[Circular]";
  if (ancestors.length === maxDepth) return "[Deep]";
  const within = [...ancestors, value];
  if (Array.isArray(value)) return value.map((element) => clean(element, within));
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  return cleanFields(value as Record<string, unknown>, within);
}

function cleanFields(value: Record<string, unknown>, within: readonly object[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, clean(field, within)]));
}
