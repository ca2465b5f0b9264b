import assert from "node:assert/strict";
import { tmpdir } from "node:os";

import type { Failure, Outcome } from "../../../src/kernel/core/interpreter.ts";
import { TypeScriptInterpreter } from "../../../src/kernel/language/interpreter.ts";

/** The interpreter of a test, and what cells come to that it runs. */
export interface FreshInterpreter {
  readonly interpreter: TypeScriptInterpreter;
  run(this: void, code: string): Promise<Outcome>;
  /** The result as text. The cell must not fail. */
  text(this: void, code: string): Promise<unknown>;
  /** The error with which the cell must fail. */
  failure(this: void, code: string): Promise<Failure>;
}

/** Gives each test of a suite an interpreter of its own. */
export function freshInterpreter(): FreshInterpreter {
  let interpreter: TypeScriptInterpreter;
  let count: number;
  beforeEach(() => {
    interpreter = new TypeScriptInterpreter({ directory: tmpdir() });
    count = 0;
  });
  afterEach(forgetStackTraces);
  const run = (code: string): Promise<Outcome> => interpreter.execute({ code, count: ++count });
  return {
    get interpreter() {
      return interpreter;
    },
    run,
    text: async (code) => textOf(await run(code)),
    failure: async (code) => failureOf(await run(code)),
  };
}

/** Takes back what an interpreter changes for the whole process. */
export function forgetStackTraces(): void {
  delete (Error as { prepareStackTrace?: unknown }).prepareStackTrace;
}

/** The result as text, of a cell that must not fail. */
export function textOf(outcome: Outcome): unknown {
  assert.equal(outcome.status, "ok", outcome.status === "error" ? outcome.traceback.join("\n") : "");
  return outcome.status === "ok" ? outcome.result?.data["text/plain"] : undefined;
}

/** The error of a cell that must fail. */
export function failureOf(outcome: Outcome): Failure {
  assert.ok(outcome.status === "error", "the cell did not fail");
  return outcome;
}
