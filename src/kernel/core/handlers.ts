import { commInfo, commIsReady, takeComm } from "./comms.ts";
import { complete, inspect } from "./complete.ts";
import { textOf } from "./content.ts";
import { debug } from "./debug.ts";
import { execute, executeAborted } from "./execute.ts";
import { history } from "./history/request.ts";
import type { Kernel, Request } from "./kernel.ts";
import { connect, kernelInfo } from "./kernelInfo.ts";
import { createSubshell, deleteSubshell, listSubshells } from "./subshells.ts";
import type { JsonObject } from "./transport.ts";

/** What is done with a message of one type. */
export interface Handler {
  /** Returns the content of the reply; undefined for messages without one. */
  handle(kernel: Kernel, request: Request): JsonObject | undefined | Promise<JsonObject | undefined>;
  /** Whether it is done at once, also while a cell runs. Absent: in its lane, after all that came before it. */
  aside?(kernel: Kernel, request: Request): boolean;
  /** The reply when an earlier cell failed and what was queued behind it is dropped. Absent: it runs all the same. */
  aborted?(): JsonObject;
}

const aside = (): boolean => true;

/** Every message that the kernel understands, on shell and on control. A new one is a line here and a function. */
export const handlers: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ["execute_request", { handle: execute, aborted: executeAborted }],
  ["kernel_info_request", { handle: kernelInfo, aside }],
  ["is_complete_request", { handle: isComplete, aside }],
  ["complete_request", { handle: complete, aside }],
  ["inspect_request", { handle: inspect, aside }],
  ["history_request", { handle: history, aside }],
  ["connect_request", { handle: connect, aside }],
  ["usage_request", { handle: (kernel) => kernel.usage(), aside }],
  ["comm_info_request", { handle: commInfo, aside }],
  ["comm_open", { handle: takeComm }],
  ["comm_msg", { handle: takeComm, aside: commIsReady }],
  ["comm_close", { handle: takeComm, aside: commIsReady }],
  ["create_subshell_request", { handle: createSubshell, aside }],
  ["delete_subshell_request", { handle: deleteSubshell, aside }],
  ["list_subshell_request", { handle: listSubshells, aside }],
  ["interrupt_request", { handle: interrupt, aside }],
  ["debug_request", { handle: debug, aside }],
  ["shutdown_request", { handle: shutDown }],
]);

async function isComplete({ interpreter }: Kernel, { content }: Request): Promise<JsonObject> {
  return { ...(await interpreter.isComplete(textOf(content.code))) };
}

function interrupt(kernel: Kernel): JsonObject {
  kernel.interrupt();
  return { status: "ok" };
}

function shutDown(kernel: Kernel, { content, parent }: Request): JsonObject {
  const reply = { status: "ok", restart: content.restart === true };
  kernel.send("iopub", "shutdown_reply", reply, { parent });
  kernel.shutDown();
  return reply;
}
