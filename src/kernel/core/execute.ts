import { InputError } from "../../errors.ts";
import { objectOf, textOf } from "./content.ts";
import { failureOf } from "./failure.ts";
import type { Failure, Origin, Outcome } from "./interpreter.ts";
import type { Kernel, Request } from "./kernel.ts";
import type { JsonObject } from "./transport.ts";

/** Runs a cell: its number, its echo, its result or error, and the reply. */
export async function execute(kernel: Kernel, request: Request): Promise<JsonObject> {
  const { content, parent, lane } = request;
  const { code } = content;
  if (typeof code !== "string") return refuse(kernel, code);

  // The counter numbers what is in the history; other requests bear the number of the latest cell and leave it as it is.
  const stored = !parent.silent && content.store_history !== false;
  const count = stored ? ++kernel.executionCount : kernel.executionCount;
  const origin = kernel.origins.add(parent);
  kernel.send("iopub", "execute_input", { code, execution_count: count }, { parent });
  const ended = attempt(kernel, () =>
    kernel.interpreter.execute(stored ? { code, count } : { code }, origin),
  );
  if (stored) kernel.history.addInput(count, code);

  const outcome = await ended;
  if (outcome.status === "ok") {
    const { result, payload = [] } = outcome;
    if (result) {
      kernel.send("iopub", "execute_result", { ...result, execution_count: count }, { parent });
      if (stored) kernel.history.addOutput(count, textOf(result.data["text/plain"]));
    }
    const expressions = await evaluateAll(kernel, content.user_expressions, origin);
    return { status: "ok", execution_count: count, user_expressions: expressions, payload };
  }

  const { ename, evalue, traceback, interrupted = false } = outcome;
  kernel.send("iopub", "error", { ename, evalue, traceback }, { parent });
  // What was sent before this error was seen, or the stop button pressed, was sent in the hope that all goes well. It is all in
  // the queue once the sockets are drained; what is sent after the reply is meant to run.
  if (interrupted || (!parent.silent && content.stop_on_error !== false)) {
    await kernel.transport.sync();
    lane.abortQueued();
  }
  return { ...errorOf(outcome), execution_count: count, user_expressions: {}, payload: [] };
}

/**
 * The reply to a cell that is dropped because an earlier one failed. Without a number, since front ends put what they get beside
 * the cell, as if it had run.
 */
export function executeAborted(): JsonObject {
  return { status: "aborted" };
}

function refuse(kernel: Kernel, code: unknown): JsonObject {
  const error = new InputError({ who: "execute_request", expected: "code, a string", found: typeof code });
  return { ...failureOf(error), execution_count: kernel.executionCount, user_expressions: {}, payload: [] };
}

/** What an interpreter gives; should it break, the failure is shown as one of the cell and logged. */
async function attempt(kernel: Kernel, run: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await run();
  } catch (error) {
    kernel.logError("the interpreter failed", error);
    return failureOf(error);
  }
}

/** Each expression has its own outcome; one that fails does not fail the cell. */
async function evaluateAll(kernel: Kernel, expressions: unknown, origin: Origin): Promise<JsonObject> {
  const values: [string, JsonObject][] = [];
  for (const [name, expression] of Object.entries(objectOf(expressions))) {
    const outcome = await attempt(kernel, () => kernel.interpreter.evaluate(textOf(expression), origin));
    values.push([
      name,
      outcome.status === "ok"
        ? { status: "ok", data: {}, metadata: {}, ...outcome.result }
        : errorOf(outcome),
    ]);
  }
  return Object.fromEntries(values);
}

/** A failure without what is said to the kernel alone. */
function errorOf({ status, ename, evalue, traceback }: Failure): JsonObject {
  return { status, ename, evalue, traceback };
}
