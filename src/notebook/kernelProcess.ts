import { spawn, type ChildProcess } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";

const keptCharacters = 4000;
const patienceMs = 3000;

/** How to start a kernel. */
export interface KernelCommand {
  /** Program and arguments; `{connection_file}` stands for the path of the connection file. */
  argv: readonly string[];
  /** Environment variables beside those of this process. */
  env?: Record<string, string>;
}

/** Thrown when a kernel's process ends by itself, or never answers. The message says how it ended and what it printed last. */
export class KernelDied extends Error {
  override readonly name = "KernelDied";
}

/** A running kernel process; whoever starts it has to end it. */
export class KernelProcess {
  readonly #child: ChildProcess;
  #printed = "";
  #ending = false;
  /** Settles when the process is gone; never rejects. */
  readonly exited: Promise<void>;
  /** Rejects with KernelDied when the process ends before {@link end} was called; else stays pending. */
  readonly died: Promise<never>;

  constructor(
    { argv, env = {} }: KernelCommand,
    { connectionFile, cwd }: { connectionFile: string; cwd: string },
  ) {
    const [program = "", ...args] = argv.map((word) => word.replace("{connection_file}", connectionFile));
    this.#child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env, JPY_PARENT_PID: String(process.pid) },
      stdio: ["ignore", "pipe", "pipe"],
      // A group of its own: Ctrl-C in the terminal shall reach the runner, which then interrupts the cell, and not the
      // kernel as well. And whatever the kernel started ends with it.
      detached: process.platform !== "win32",
    });
    const keep = (piece: Buffer): void => {
      this.#printed = (this.#printed + piece.toString()).slice(-keptCharacters);
    };
    this.#child.stdout?.on("data", keep);
    this.#child.stderr?.on("data", keep);
    let how = "";
    this.exited = new Promise((resolve) => {
      this.#child.once("error", (error) => resolve(void (how = `could not be started: ${error.message}`)));
      this.#child.once("close", (code, signal) =>
        resolve(void (how ||= code === null ? `was ended by ${signal}` : `ended with code ${code}`)),
      );
    });
    this.died = this.exited.then(() =>
      this.#ending ? new Promise<never>(() => undefined) : Promise.reject(new KernelDied(this.describe(how))),
    );
    this.died.catch(() => undefined);
  }

  /** "the kernel …", followed by the last lines that it printed. */
  describe(how: string): string {
    const lines = this.#printed.trimEnd().split("\n").slice(-10).join("\n");
    return `the kernel ${how}${lines === "" ? "" : `\n${lines}`}`;
  }

  /** Waits for the process to leave, as it was asked to, then insists. Everything that it started ends too. */
  async end({ graceMs = patienceMs }: { graceMs?: number } = {}): Promise<void> {
    this.#ending = true;
    const isGone = this.exited.then(() => true);
    if (graceMs > 0 && (await Promise.race([isGone, later(graceMs)]))) return this.#signal("SIGKILL");
    this.#signal("SIGKILL");
    await this.exited;
  }

  #signal(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      if (process.platform === "win32") this.#child.kill(signal);
      else process.kill(-pid, signal);
    } catch {
      // The whole group is gone already.
    }
  }
}

function later(ms: number): Promise<false> {
  return delay(ms, false, { ref: false });
}
