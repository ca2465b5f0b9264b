import { execute, executeAborted } from "./execute.ts";
import type { Kernel } from "./kernel.ts";
import { kernelInfo } from "./kernelInfo.ts";
import type { Channel, JsonObject, Message } from "./transport.ts";

/** What is done with a message of one type. */
export interface Handler {
  /** Returns the content of the reply; undefined for messages without one. */
  handle(
    kernel: Kernel,
    request: Message,
    channel: Channel,
  ): JsonObject | undefined | Promise<JsonObject | undefined>;
  /** The reply when an earlier cell failed and what was queued behind it is dropped. Absent: it runs all the same. */
  aborted?(kernel: Kernel): JsonObject;
}

/** Every message that the kernel understands. A new one is a line here and a function. */
export const handlers: Partial<Record<string, Handler>> = {
  kernel_info_request: { handle: kernelInfo },
  execute_request: { handle: execute, aborted: executeAborted },
  is_complete_request: { handle: isComplete },
  complete_request: { handle: complete },
  inspect_request: { handle: inspect },
  history_request: { handle: history },
  comm_info_request: { handle: commInfo },
  comm_open: { handle: refuseComm },
  comm_msg: { handle: ignore },
  comm_close: { handle: ignore },
  interrupt_request: { handle: interrupt },
  shutdown_request: { handle: shutDown },
};

async function isComplete(kernel: Kernel, { content }: Message): Promise<JsonObject> {
  return { ...(await kernel.interpreter.isComplete(text(content.code))) };
}

/** No matches: the cursor range is empty, so that a front end replaces nothing. */
function complete(_kernel: Kernel, { content }: Message): JsonObject {
  const cursor = typeof content.cursor_pos === "number" ? content.cursor_pos : [...text(content.code)].length;
  return { status: "ok", matches: [], cursor_start: cursor, cursor_end: cursor, metadata: {} };
}

function inspect(): JsonObject {
  return { status: "ok", found: false, data: {}, metadata: {} };
}

function history(): JsonObject {
  return { status: "ok", history: [] };
}

function commInfo(): JsonObject {
  return { status: "ok", comms: {} };
}

/** No target is known yet: the front end, JupyterLab's widget manager for one, is told at once instead of waiting. */
function refuseComm(kernel: Kernel, { content }: Message): undefined {
  kernel.send("iopub", "comm_close", { comm_id: content.comm_id, data: {} });
}

/** A message to a comm that is closed. */
function ignore(): undefined {
  return undefined;
}

function interrupt(kernel: Kernel): JsonObject {
  kernel.interpreter.interrupt();
  return { status: "ok" };
}

function shutDown(kernel: Kernel, { content }: Message): JsonObject {
  const reply = { status: "ok", restart: content.restart === true };
  kernel.send("iopub", "shutdown_reply", reply);
  kernel.shutDown();
  return reply;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
