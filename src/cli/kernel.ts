import { InputError } from "../errors.ts";
import { startKernel } from "../kernel/start.ts";

/** `convoscope kernel CONNECTION_FILE`: serves one notebook until it is shut down; returns the exit code. */
export async function run(args: string[]): Promise<number> {
  const [connectionFile, ...rest] = args;
  if (connectionFile === undefined || rest.length > 0) {
    throw new InputError({
      who: "convoscope kernel",
      expected: "one connection file",
      found: connectionFile === undefined ? "none" : `${args.length} arguments`,
      fix: "Jupyter starts this command; to use the kernel, run: convoscope install",
    });
  }
  return startKernel(connectionFile);
}
