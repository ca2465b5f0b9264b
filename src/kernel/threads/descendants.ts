import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/**
 * Signals all processes that this one has started, and those that they have started, but for those in `told`, to which it adds
 * them. Front ends start a kernel in a process group of its own, but a group has its kernel in it too, which must not be hit.
 */
export function signalDescendants(signal: NodeJS.Signals, told = new Set<number>()): void {
  for (const pid of descendantsOf(process.pid)) {
    if (told.has(pid)) continue;
    told.add(pid);
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended by itself.
    }
  }
}

/** Ends all of them: asks them first, and after `patience` milliseconds does so by force. */
export async function endDescendants({ patience = 300 } = {}): Promise<void> {
  signalDescendants("SIGTERM");
  const until = performance.now() + patience;
  while (descendantsOf(process.pid).length > 0) {
    if (performance.now() > until) return signalDescendants("SIGKILL");
    await delay(10);
  }
}

function descendantsOf(pid: number): number[] {
  return childrenOf(pid).flatMap((child) => [child, ...descendantsOf(child)]);
}

function childrenOf(pid: number): number[] {
  if (process.platform === "win32") return [];
  try {
    const tasks = `/proc/${pid}/task`;
    // A thread that ends meanwhile is no reason to ask a slow command.
    const leaders = numbers(readFileSync(`${tasks}/${pid}/children`, "utf8"));
    const others = readdirSync(tasks).filter((task) => Number(task) !== pid);
    return [...leaders, ...others.flatMap((task) => childrenOfThread(`${tasks}/${task}`))];
  } catch {
    // No such file system (macOS), or the process is gone, which ps then says too.
    const { stdout, pid: asker } = spawnSync("ps", ["-A", "-o", "ppid=,pid="], { encoding: "utf8" });
    const pairs = stdout.split("\n").map(numbers);
    return pairs.filter(([parent, child]) => parent === pid && child !== asker).map(([, child]) => child!);
  }
}

function childrenOfThread(task: string): number[] {
  try {
    return numbers(readFileSync(`${task}/children`, "utf8"));
  } catch {
    return [];
  }
}

function numbers(text: string): number[] {
  return text.split(/\s+/).filter(Boolean).map(Number);
}
