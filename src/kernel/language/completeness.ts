import type { Completeness } from "../core/interpreter.ts";

/** Whether a front end should run these lines or wait for more. */
export function completeness(code: string): Completeness {
  return { status: code === "" ? "complete" : "unknown" };
}
