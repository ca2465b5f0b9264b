import type { Failure } from "./interpreter.ts";

/** An error without a place, as front ends show it. */
export function failure(ename: string, evalue: string): Failure {
  return { status: "error", ename, evalue, traceback: [`${ename}: ${evalue}`] };
}

/** An error of the kernel's own as front ends show it. */
export function failureOf(error: unknown): Failure {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return failure(name, message);
}
