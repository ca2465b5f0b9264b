import { spawn } from "node:child_process";
import { AsyncResource } from "node:async_hooks";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";

import type { Magic } from "./magic.ts";
import { signalGroup } from "./signalGroup.ts";

/** A stopped command has so many milliseconds to end by itself. */
const grace = 500;

/** A command that has ended is through when it has printed nothing for so many milliseconds, or after so many of these rounds. */
const silence = 50;
const maxRounds = 20;

/** A command of `!command` that ended badly. */
class ShellError extends Error {
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
  async run({ argument, directory, signal, background }) {
    // A group of its own, so that a stop reaches what the shell has started too.
    const child = spawn(argument, {
      shell: true,
      cwd: directory,
      detached: process.platform !== "win32",
      stdio: ["ignore", "pipe", "pipe"],
    });
    let printed = 0;
    for (const name of ["stdout", "stderr"] as const) {
      child[name].on(
        "data",
        AsyncResource.bind((chunk: Buffer) => {
          printed += chunk.length;
          process[name].write(chunk);
        }),
      );
    }
    const tell = (what: NodeJS.Signals | 0): boolean =>
      child.pid !== undefined && signalGroup(child.pid, what);
    const stop = (): void => {
      tell("SIGINT");
      const last = setTimeout(() => tell("SIGKILL"), grace);
      child.once("close", () => clearTimeout(last));
    };
    signal.addEventListener("abort", stop, { once: true });
    const closed = once(child, "close");
    const [code, killedBy] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
    // What it left in the background (`command &`) keeps the pipes open and prints on; its own last words are read soon.
    for (let before = -1, rounds = 0; before !== printed && rounds < maxRounds; rounds++) {
      before = printed;
      await Promise.race([closed, delay(silence)]);
    }
    signal.removeEventListener("abort", stop);
    if (tell(0)) background(child.pid!);
    if (code !== 0) throw new ShellError(argument, code ?? killedBy!);
  },
};
