import { failureOf } from "./failure.ts";
import type { Outcome } from "./interpreter.ts";
import type { Kernel } from "./kernel.ts";
import type { JsonObject, Message } from "./transport.ts";

/** Runs a cell: its number, its echo, its result or error, and the reply. */
export async function execute(kernel: Kernel, { content }: Message): Promise<JsonObject> {
  const code = typeof content.code === "string" ? content.code : "";
  const silent = content.silent === true;
  const count = silent ? kernel.executionCount : ++kernel.executionCount;
  kernel.send("iopub", "execute_input", { code, execution_count: count });

  const outcome = show(kernel, await kernel.interpreter.execute(silent ? { code } : { code, count }), count);
  if (outcome.status === "ok") {
    const expressions = await evaluateAll(kernel, content.user_expressions);
    return { status: "ok", execution_count: count, user_expressions: expressions, payload: [] };
  }

  const { status, ename, evalue, traceback, interrupted = false } = outcome;
  kernel.send("iopub", "error", { ename, evalue, traceback });
  // What was sent before this error was seen, or the stop button pressed, was sent in the hope that all goes well. It is all in
  // the queue once the sockets are drained; what is sent after the reply is meant to run.
  if (interrupted || content.stop_on_error !== false) {
    await kernel.transport.sync();
    kernel.shell.abortQueued();
  }
  return { status, ename, evalue, traceback, execution_count: count, user_expressions: {}, payload: [] };
}

/** Publishes a result. One that cannot be written as JSON fails its cell. */
function show(kernel: Kernel, outcome: Outcome, count: number): Outcome {
  if (outcome.status === "error" || !outcome.result) return outcome;
  try {
    kernel.send("iopub", "execute_result", { ...outcome.result, execution_count: count });
    return outcome;
  } catch (error) {
    return failureOf(error);
  }
}

/** The reply to a cell that is dropped because an earlier one failed. */
export function executeAborted(kernel: Kernel): JsonObject {
  return { status: "aborted", execution_count: kernel.executionCount };
}

async function evaluateAll(kernel: Kernel, expressions: unknown): Promise<JsonObject> {
  const values: JsonObject = {};
  if (typeof expressions !== "object" || expressions === null) return values;
  for (const [name, expression] of Object.entries(expressions)) {
    values[name] = describe(await kernel.interpreter.evaluate(String(expression)));
  }
  return values;
}

function describe(outcome: Outcome): JsonObject {
  if (outcome.status === "ok") return { status: "ok", data: {}, metadata: {}, ...outcome.result };
  const { status, ename, evalue, traceback } = outcome;
  return { status, ename, evalue, traceback };
}
