import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/** Whether a process is there and not a zombie. */
export function lives(pid: number): boolean {
  try {
    const state = readFileSync(`/proc/${pid}/stat`, "utf8");
    return !/^\d+ \(.*\) Z/s.test(state);
  } catch {
    return false;
  }
}

/** Waits until something holds, for some milliseconds at most. */
export async function until(holds: () => boolean, within: number): Promise<void> {
  for (const end = Date.now() + within; !holds(); await delay(50))
    assert.ok(Date.now() < end, `not within ${within / 1000} s`);
}
