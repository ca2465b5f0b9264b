import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a command to its end and keeps what it prints; never throws for an exit code. */
export function runToEnd(
  command: string,
  args: readonly string[],
  { cwd, env = {} }: { cwd?: string; env?: Record<string, string | undefined> } = {},
): Promise<Finished> {
  const child = spawn(command, args, {
    ...(cwd !== undefined && { cwd }),
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const finished: Finished = { code: null, stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => (finished.stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (finished.stderr += chunk.toString()));
  return new Promise((done, fail) => {
    child.once("error", fail);
    child.once("close", (code) => done({ ...finished, code }));
  });
}

/** Whether a process is there that has not ended. On Linux a zombie has. */
export function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== "linux" || !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

/** Waits until something holds, for some milliseconds at most. */
export async function until(holds: () => boolean, within: number): Promise<void> {
  for (const end = Date.now() + within; !holds(); await delay(50))
    assert.ok(Date.now() < end, `not within ${within / 1000} s`);
}
