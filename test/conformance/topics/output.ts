import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { topic } from "../support/case.ts";
import { print, sleep } from "../support/codes.ts";

const lines = Array.from({ length: 20_000 }, (_, line) => `${line}\n`).join("");

export const output = topic("output", [
  {
    name: "stdout and stderr go to their streams, in order",
    async run({ client, code }) {
      const cell = await client.run(
        code({
          ts: 'console.log("a"); console.error("b"); console.log("c")',
          py: 'import sys\nprint("a"); sys.stdout.flush(); print("b", file=sys.stderr); sys.stderr.flush(); print("c")',
        }),
      );
      assert.deepEqual(
        cell.of("stream").map(({ content }) => [content.name, content.text]),
        [
          ["stdout", "a\n"],
          ["stderr", "b\n"],
          ["stdout", "c\n"],
        ],
      );
    },
  },
  {
    name: "text without a newline, and emoji, come as they are",
    async run({ client, code }) {
      const cell = await client.run(
        code({
          ts: 'process.stdout.write("half"); process.stdout.write("😀é")',
          deno: 'import process from "node:process"; process.stdout.write("half"); process.stdout.write("😀é")',
          py: 'print("half", end=""); print("😀é", end="")',
        }),
      );
      assert.equal(cell.stdout, "half😀é");
    },
  },
  {
    name: "halves of surrogate pairs do no harm",
    async run({ client, code }) {
      const cell = await client.execute(
        code({ ts: 'console.log("half \\ud83d.")', py: 'print("half \\ud83d.")' }),
      );
      assert.match(cell.stdout, /half/);
      await client.run(code(print("on")));
    },
  },
  {
    name: "output comes while the cell runs, not at its end",
    async run({ client, code }) {
      const cell = await client.begin(
        code({
          ts: 'console.log("now"); await new Promise((done) => setTimeout(done, 3000))',
          py: 'print("now"); import asyncio; await asyncio.sleep(3)',
        }),
      );
      await cell.prints(/now/, 2500);
      const early = cell.idle === undefined;
      await cell.done();
      assert.ok(early, "only at the end");
    },
  },
  {
    name: "output comes while a cell computes in a loop",
    async run({ client, code }) {
      const cell = await client.begin(
        code({
          ts: 'console.log("now"); { const end = Date.now() + 3000; while (Date.now() < end) {} }',
          py: 'print("now")\nimport time\nend = time.time() + 3\nwhile time.time() < end: pass',
        }),
      );
      await cell.prints(/now/, 2500);
      const early = cell.idle === undefined;
      await cell.done();
      assert.ok(early, "only at the end");
    },
  },
  {
    name: "20,000 lines: whole, in order, before idle",
    async run({ client, code }) {
      const cell = await client.run(
        code({
          ts: "for (let i = 0; i < 20000; i++) console.log(String(i))",
          py: "for i in range(20000): print(i)",
        }),
        { within: 60_000 },
      );
      const idle = cell.trace.indexOf("idle");
      const before = cell.published
        .slice(0, idle)
        .map(({ content }) => (content.text as string | undefined) ?? "");
      assert.equal(before.join("").length, lines.length);
      assert.ok(before.join("") === lines, "not in order");
    },
  },
  {
    name: "10 MB of output arrive whole",
    async run({ client, code }) {
      const cell = await client.run(
        code({
          ts: 'for (let i = 0; i < 100; i++) console.log("x".repeat(100_000))',
          py: 'for i in range(100): print("x" * 100_000)',
        }),
        { within: 60_000 },
      );
      await client.wait("all of it", () => (cell.stdout.length >= 10_000_100 ? true : undefined));
      assert.equal(cell.stdout.length, 10_000_100);
    },
  },
  {
    name: "what is printed before an error comes before the error",
    async run({ client, code }) {
      const cell = await client.execute(
        code({
          ts: 'console.log("first"); throw new Error("then")',
          py: 'print("first"); raise OSError("then")',
        }),
      );
      assert.deepEqual(cell.trace, ["busy", "execute_input", "stream", "error", "idle"]);
    },
  },
  {
    name: "a timer prints under the cell that started it",
    async run({ client, code }) {
      const first = await client.run(
        code({
          ts: 'setTimeout(() => console.log("late"), 300); undefined',
          py: 'import asyncio\nloop = asyncio.get_running_loop()\n_ = loop.call_later(0.3, lambda: print("late"))',
        }),
      );
      const second = await client.run(code(sleep(800)));
      await delay(100);
      assert.deepEqual([first.stdout, second.stdout], ["late\n", ""]);
    },
  },
  {
    name: "an interval and a promise print under their cell while others run",
    async run({ client, code }) {
      const first = await client.run(
        code({
          ts: '(async () => { for (let i = 0; i < 3; i++) { await new Promise((done) => setTimeout(done, 150)); console.log("tick", i); } })(); undefined',
          py: 'import asyncio\nasync def ticks():\n    for i in range(3):\n        await asyncio.sleep(0.15)\n        print("tick", i)\ntask = asyncio.create_task(ticks())',
        }),
      );
      const other = await client.run(
        code({
          ts: 'for (let i = 0; i < 3; i++) { await new Promise((done) => setTimeout(done, 200)); console.log("own", i); }',
          py: 'for i in range(3):\n    await asyncio.sleep(0.2)\n    print("own", i)',
        }),
      );
      await delay(200);
      assert.equal(first.stdout, "tick 0\ntick 1\ntick 2\n");
      assert.equal(other.stdout, "own 0\nown 1\nown 2\n");
    },
  },
  {
    name: "a late display shows under the cell that started it",
    async run({ client, code }) {
      const first = await client.run(
        code({
          convoscope: 'setTimeout(() => void display("late display"), 300); undefined',
          deno: 'setTimeout(() => void Deno.jupyter.display({ "text/plain": "late display" }, { raw: true }), 300); undefined',
          tslab:
            'import * as tslab from "tslab"; setTimeout(() => tslab.display.text("late display"), 300); undefined',
          py: 'import asyncio\n_ = asyncio.get_running_loop().call_later(0.3, lambda: display("late display"))',
        }),
      );
      const second = await client.run(code(sleep(800)));
      await delay(100);
      assert.deepEqual([first.of("display_data").length, second.of("display_data").length], [1, 0]);
    },
  },
  {
    name: "a child process that inherits the streams (spawnSync)",
    async run({ client, code }) {
      const cell = await client.run(
        code({
          ts: 'import { spawnSync } from "node:child_process";\nspawnSync("sh", ["-c", "echo from the child; echo and its errors >&2"], { stdio: "inherit" }); undefined',
          py: 'import subprocess\n_ = subprocess.run(["sh", "-c", "echo from the child; echo and its errors >&2"])',
        }),
      );
      await cell.prints(/from the child[^]*its errors|its errors[^]*from the child/);
    },
  },
  {
    name: "a child process that runs beside (spawn)",
    async run({ client, code }) {
      const cell = await client.run(
        code({
          ts: 'import { spawn } from "node:child_process";\nawait new Promise((done) => spawn("sh", ["-c", "echo beside; sleep 0.1; echo more"], { stdio: "inherit" }).on("close", done)); undefined',
          py: 'import asyncio\np = await asyncio.create_subprocess_exec("sh", "-c", "echo beside; sleep 0.1; echo more")\n_ = await p.wait()',
        }),
      );
      await cell.prints(/beside\nmore/);
    },
  },
  {
    name: "native code that writes to descriptors 1 and 2",
    async run({ client, code }) {
      const cell = await client.run(
        code({
          ts: 'import { writeSync } from "node:fs";\nwriteSync(2, "native error\\n"); writeSync(1, "native\\n"); undefined',
          py: 'import os\n_ = os.write(2, b"native error\\n"), os.write(1, b"native\\n")',
        }),
      );
      await cell.prints(/native error/);
      await cell.prints(/native\n/);
    },
  },
  {
    name: "an exception in a timer is shown, under its cell, and the session lives on",
    async run({ client, code }) {
      const first = await client.run(
        code({
          ts: 'let alive = 1; setTimeout(() => { throw new Error("in a timer") }, 200); undefined',
          py: 'import asyncio\nalive = 1\ndef bad(): raise OSError("in a timer")\n_ = asyncio.get_running_loop().call_later(0.2, bad)',
        }),
      );
      await client.wait("the error", () => (first.complaint.includes("in a timer") ? true : undefined));
      assert.equal((await client.run("alive")).value, "1");
    },
  },
  {
    name: "a rejection that nobody handles is shown, and the session lives on",
    async run({ client, code }) {
      const first = await client.execute(
        code({
          ts: 'let lives = 1; Promise.reject(new Error("forgotten")); undefined',
          py: 'import asyncio, gc\nlives = 1\nasync def bad(): raise OSError("forgotten")\nasyncio.create_task(bad())\nawait asyncio.sleep(0.1)\n_ = gc.collect()',
        }),
      );
      await client.wait("the error", () => (first.complaint.includes("forgotten") ? true : undefined));
      assert.equal((await client.run("lives")).value, "1");
    },
  },
  {
    name: "a loop of prints and waits loses nothing",
    async run({ client, code }) {
      const cell = await client.run(
        code({
          ts: "for (let i = 0; i < 300; i++) { console.log(i); if (i % 10 === 0) await new Promise((done) => setTimeout(done, 5)); }",
          py: "import asyncio\nfor i in range(300):\n    print(i)\n    if i % 10 == 0: await asyncio.sleep(0.005)",
        }),
      );
      assert.equal(cell.stdout, lines.slice(0, cell.stdout.length));
      assert.match(cell.stdout, /\n299\n$/);
    },
  },
]);
