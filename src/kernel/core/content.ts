/** Fields of a message as a front end sent them: anything may be in them, so each is read as the type it should have. */

export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** A whole number, or undefined when it is none. */
export function integerOf(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? Math.trunc(value) : undefined;
}

/** An object with names; an empty one for all else, lists too. */
export function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}
