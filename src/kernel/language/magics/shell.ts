import { spawn, type ChildProcess } from "node:child_process";
import { AsyncResource } from "node:async_hooks";
import { once } from "node:events";

import type { Magic } from "./magic.ts";

/** A stopped command has so many milliseconds to end by itself. */
const grace = 500;

/** A command of `!command` that ended badly. */
export class ShellError extends Error {
  override readonly name = "ShellError";
  /** The exit code, or the signal that ended it. */
  readonly code: number | NodeJS.Signals;

  constructor(command: string, code: number | NodeJS.Signals) {
    super(`${command}: ended with ${typeof code === "number" ? `exit code ${code}` : code}`);
    this.code = code;
  }
}

/** Runs a command in the notebook's directory and shows what it prints while it runs. */
export const shell: Magic = {
  usage: "!command",
  help: "runs a command of the shell",
  async run({ argument, directory, signal }) {
    // A group of its own, so that a stop reaches what the shell has started too.
    const child = spawn(argument, {
      shell: true,
      cwd: directory,
      detached: process.platform !== "win32",
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const name of ["stdout", "stderr"] as const) {
      child[name].on(
        "data",
        AsyncResource.bind((chunk: Buffer) => void process[name].write(chunk)),
      );
    }
    const stop = (): void => {
      end(child, "SIGINT");
      const last = setTimeout(() => end(child, "SIGKILL"), grace);
      child.once("close", () => clearTimeout(last));
    };
    signal.addEventListener("abort", stop, { once: true });
    const [code, killedBy] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
    signal.removeEventListener("abort", stop);
    if (code !== 0) throw new ShellError(argument, code ?? killedBy!);
  },
};

/** Sends a signal to a command and all that it has started, if they are still there. */
function end({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === "win32" ? pid : -pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}
