import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";

/** Calls `probe` until it says something that is not `undefined` or false; mocha's time limit is the only one. */
export async function eventually<T>(probe: () => Promise<T | undefined | false>): Promise<T> {
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    await delay(100);
  }
}

/** Waits until a server answers; fails when its process ends before that. */
export async function answers(url: string, server: ChildProcess): Promise<void> {
  await eventually(async () => {
    if (server.exitCode !== null) throw new Error(`the server ended with code ${server.exitCode}`);
    return fetch(url).then(
      (response) => response.ok,
      () => false,
    );
  });
}

/** Asks a server to end, and waits until it has. */
export async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  server.kill("SIGTERM");
  await once(server, "exit");
}
