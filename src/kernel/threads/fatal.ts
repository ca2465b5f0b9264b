import { failure } from "../core/failure.ts";
import type { Failure } from "../core/interpreter.ts";

/** How a cell ends that nothing could stop. */
export const notStopped: Failure = {
  ...failure("KernelInterrupt", "the code could not be stopped: the kernel ends, its variables are lost"),
  interrupted: true,
};

/** How a cell ends in which Node gave up. `reason` is its `FATAL ERROR` line. */
export function describeFatal(reason: string): Failure {
  if (!reason.includes("out of memory")) return failure("FatalError", `${reason}: the kernel ends`);
  return failure(
    "OutOfMemory",
    "the session's variables need more memory than Node.js may use: the kernel ends, they are lost; " +
      "to allow 8 GB, install the kernel with: --env NODE_OPTIONS=--max-old-space-size=8192",
  );
}
