import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { lives, until } from "../../support/processes.ts";
import { cases } from "../support/case.ts";
import { compute } from "../support/codes.ts";
import type { Kernel } from "../support/kernel.ts";

/** What ends a kernel, and what does not. */
export const ending = cases([
  {
    name: "SIGINT does nothing to an idle kernel",
    spoils: true,
    async run(kernel) {
      await kernel.client.run(kernel.code({ ts: "let beforeSignal = 5", py: "beforeSignal = 5" }));
      await kernel.bridge.ask("signal", { kernel: kernel.number, number: 2 });
      await delay(1000);
      assert.equal(await kernel.exitCode(), null);
      assert.equal((await kernel.client.run("beforeSignal")).value, "5");
    },
  },
  ...[false, true].map((restart) => ({
    name: `shutdown with restart ${restart}: answers, says so to all, ends with 0`,
    spoils: true,
    async run(kernel: Kernel) {
      const sent = await kernel.client.send("shutdown_request", { restart }, { channel: "control" });
      assert.deepEqual((await sent.reply()).content, { status: "ok", restart });
      await sent.publishes("shutdown_reply");
      assert.equal(await kernel.ends(), 0);
    },
  })),
  {
    name: "shutdown on shell, as old front ends send it",
    spoils: true,
    async run(kernel) {
      const reply = await kernel.client.request("shutdown", { restart: false });
      assert.deepEqual(reply, { status: "ok", restart: false });
      await kernel.ends();
    },
  },
  {
    name: "shutdown while a cell computes in a loop",
    spoils: true,
    async run(kernel) {
      const cell = await kernel.client.begin(kernel.code(compute(60_000)));
      await cell.begins();
      const sent = await kernel.client.send("shutdown_request", { restart: false }, { channel: "control" });
      await sent.reply();
      await kernel.ends();
    },
  },
  {
    name: "shutdown ends the children that cells have started",
    spoils: true,
    async run(kernel) {
      const code = kernel.code({
        ts: 'import { spawn } from "node:child_process";\nconsole.log("pid", spawn("sleep", ["100"], { stdio: "ignore" }).pid)',
        py: 'import subprocess; print("pid", subprocess.Popen(["sleep", "100"]).pid)',
      });
      const cell = await kernel.client.run(code);
      await cell.prints(/pid \d+/);
      const child = Number(/pid (\d+)/.exec(cell.stdout)![1]);
      await kernel.client.send("shutdown_request", { restart: false }, { channel: "control" });
      await kernel.ends();
      try {
        await until(() => !lives(child), 3000);
      } finally {
        if (lives(child)) process.kill(child);
      }
    },
  },
  {
    name: "a kernel whose parent dies ends, also while a cell computes in a loop",
    async run(kernel) {
      const orphan = await kernel.underAnotherParent();
      try {
        const cell = await orphan.client.begin(orphan.code(compute(60_000)));
        await cell.begins();
        orphan.bridge.process.kill("SIGKILL");
        await until(() => !lives(orphan.pid), 10_000);
      } finally {
        if (lives(orphan.pid)) process.kill(orphan.pid, "SIGKILL");
        rmSync(orphan.directory, { recursive: true, force: true });
      }
    },
  },
]);
