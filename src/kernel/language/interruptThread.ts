import { interruptFlags } from "./interruptFlags.ts";

/** Messages on the control channel that must be able to end a running cell first. */
const stopping = new Set(["interrupt_request", "shutdown_request"]);

/**
 * Runs in the socket thread, because the main thread may be busy with the very loop that is to be stopped.
 *
 * The flag is for the loops and awaits of the cells themselves. The signal is for all else: V8 breaks synchronous code of
 * the running cell wherever it is, and what merely waits is rejected by the main thread's handler. Terminating through the
 * inspector would reach synchronous library code after an `await` too, but while asynchronous contexts are tracked by hooks
 * (Node 20 and 22) it ends the process: "async hook stack has become corrupted".
 */
export function createUrgent(shared: SharedArrayBuffer): (messageType: string) => void {
  const flags = interruptFlags(shared);
  return (messageType) => {
    if (stopping.has(messageType)) flags.request(() => process.kill(process.pid, "SIGINT"));
  };
}
