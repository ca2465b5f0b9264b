import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { topic, type Case } from "../support/case.ts";
import { noWay, print, sleep } from "../support/codes.ts";
import type { Code } from "../support/kernel.ts";
import { lives, until } from "../../support/processes.ts";

/** What does not end by itself. */
const endless: Record<string, Code> = {
  "a loop": { ts: "while (true) {}", py: "while True: pass" },
  "a loop behind an await": {
    ts: "await new Promise((done) => setTimeout(done, 20)); while (true) {}",
    py: "import asyncio\nawait asyncio.sleep(0.02)\nwhile True: pass",
  },
  "a promise that nobody keeps": {
    ts: "await new Promise(() => {})",
    py: "import asyncio\nawait asyncio.get_running_loop().create_future()",
  },
  "a loop of microtasks": {
    ts: "for (;;) await null",
    py: "import asyncio\nwhile True: await asyncio.sleep(0)",
  },
  "a loop in a timer": {
    ts: "await new Promise(() => setTimeout(() => { while (true) {} }, 10))",
    py: "import asyncio\ndef spin():\n    while True: pass\nasyncio.get_running_loop().call_later(0.01, spin)\nawait asyncio.get_running_loop().create_future()",
  },
  "a loop in a function that a promise calls": {
    ts: "async function work() { await null; for (let i = 0; ; i++) {} }\nawait Promise.all([work(), work()])",
    py: "import asyncio\nasync def work():\n    await asyncio.sleep(0)\n    while True: pass\nawait asyncio.gather(work(), work())",
  },
  "a regular expression that runs away": {
    ts: '/(a+)+b/.test("a".repeat(40))',
    py: 'import re\nre.match(r"(a+)+b", "a" * 40)',
  },
  "a sort that runs away": {
    ts: "Array.from({ length: 1_000_000 }, (_, i) => -i).sort((a, b) => { for (let i = 0; i < 100_000; i++); return a - b; }).length",
    py: "import functools\ndef slow(a, b):\n    for i in range(100_000): pass\n    return a - b\nlen(sorted(range(1_000_000), key=functools.cmp_to_key(slow)))",
  },
  "Atomics.wait": {
    ts: "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)",
    py: "import threading\nthreading.Event().wait()",
  },
  "a child process that is waited for (execSync)": {
    ts: 'import { execSync } from "node:child_process";\nexecSync("sleep 60")',
    py: 'import subprocess\nsubprocess.run(["sleep", "60"])',
  },
  "a child process that runs beside (spawn)": {
    ts: 'import { spawn } from "node:child_process";\nawait new Promise((done) => spawn("sleep", ["60"]).on("exit", done).on("exit", () => { throw new Error("child ended") }))',
    py: 'import asyncio\nawait (await asyncio.create_subprocess_exec("sleep", "60")).wait()',
  },
  "a command of the shell": { convoscope: "!sleep 60", ts: noWay, py: "!sleep 60" },
};

const interrupted = /Interrupt/i;

/** A stopped cell ends with an error that says so, and the session goes on with what it had. */
function stops(name: string, variants: Code): Case {
  return {
    name: `stops ${name}, the session goes on`,
    async run(kernel) {
      const { client, code } = kernel;
      await client.run(code({ ts: "let kept = 42", py: "kept = 42" }));
      const { cell } = await kernel.interruptCell(code(variants));
      assert.equal(cell.content.status, "error", JSON.stringify(cell.content).slice(0, 300));
      assert.equal((await client.run("kept")).value, "42");
    },
  };
}

export const interrupt = topic("interrupt", [
  ...Object.entries(endless).map(([name, variants]) => stops(name, variants)),
  {
    name: "the error says that it was an interrupt, in the reply and on IOPub",
    async run(kernel) {
      const { cell } = await kernel.interruptCell(kernel.code(endless["a loop"]!));
      assert.match(String(cell.content.ename), interrupted);
      assert.match(String(cell.of("error")[0]?.content.ename), interrupted);
    },
  },
  {
    name: "the traceback names the place where it stopped: a loop",
    async run(kernel) {
      const { cell } = await kernel.interruptCell(
        kernel.code({
          ts: "let turns = 0;\nfunction spin() {\n  while (true) turns++;\n}\nspin();",
          py: "turns = 0\ndef spin():\n    global turns\n    while True: turns += 1\nspin()",
        }),
      );
      assert.match(cell.complaint, /spin/);
      assert.match(cell.complaint, /3:|:3\b|line [34]|---> *[34]/);
    },
  },
  {
    name: "the traceback names the place where it stopped: a wait",
    async run(kernel) {
      const { cell } = await kernel.interruptCell(
        kernel.code({
          ts: "const nothing = 0;\nawait new Promise(() => {});",
          py: "import asyncio\nawait asyncio.Event().wait()",
        }),
      );
      assert.match(cell.complaint, /2:|:2\b|line 2|---> *2/);
    },
  },
  {
    name: "a waiting prompt() is stopped",
    async run(kernel) {
      const { client, code } = kernel;
      const cell = await client.begin(code({ ts: 'prompt("?")', py: 'input("?")' }), { allow_stdin: true });
      await client.wait("a question", () =>
        client.heard.find(
          ({ message }) => message?.header.msg_type === "input_request" && message.parent.msg_id === cell.id,
        ),
      );
      await kernel.interrupt();
      await cell.done();
      assert.equal(cell.content.status, "error");
      assert.match(String(cell.content.ename), interrupted);
    },
  },
  {
    name: "a waiting input() is stopped",
    async run(kernel) {
      const { client, code } = kernel;
      const cell = await client.begin(code({ convoscope: 'await input("?")', ts: noWay }), {
        allow_stdin: true,
      });
      await client.wait("a question", () =>
        client.heard.find(
          ({ message }) => message?.header.msg_type === "input_request" && message.parent.msg_id === cell.id,
        ),
      );
      await kernel.interrupt();
      await cell.done();
      assert.match(String(cell.content.ename), interrupted);
    },
  },
  {
    name: "the child process that a stopped cell waited for ends as well",
    async run(kernel) {
      const { cell } = await kernel.interruptCell(
        kernel.code({
          ts: 'import { execSync } from "node:child_process";\nexecSync("echo $$ > child.pid; sleep 60; true")',
          py: 'import subprocess\nsubprocess.run("echo $$ > child.pid; sleep 60; true", shell=True)',
        }),
      );
      assert.equal(cell.content.status, "error");
      const child = Number(kernel.read("child.pid"));
      try {
        await until(() => !lives(child), 5000);
      } finally {
        if (lives(child)) process.kill(child);
      }
    },
  },
  {
    name: "a second press within a second ends what swallows the first",
    async run(kernel) {
      const { client, code } = kernel;
      const cell = await client.begin(
        code({
          ts: "for (let presses = 0; presses < 1;) { try { while (true) {} } catch { presses++; } }\nwhile (true) {}",
          py: "presses = 0\nwhile presses < 1:\n    try:\n        while True: pass\n    except BaseException: presses += 1\nwhile True: pass",
        }),
      );
      await cell.begins();
      await delay(500);
      await kernel.interrupt();
      await delay(600);
      if (!cell.idle) await kernel.interrupt();
      await cell.done();
      assert.equal(cell.content.status, "error");
      assert.equal((await client.run("1")).value, "1");
    },
  },
  {
    name: "nothing queued runs after it",
    async run(kernel) {
      const { client, code } = kernel;
      const cell = await client.begin(code(endless["a loop"]!));
      const queued = [];
      for (let each = 0; each < 5; each++) queued.push(await client.begin(code(print("ran"))));
      await cell.begins();
      await delay(500);
      await kernel.interrupt();
      for (const each of [cell, ...queued]) await each.done();
      assert.deepEqual(
        queued.map((each) => [each.content.status, each.stdout]),
        queued.map(() => ["aborted", ""]),
      );
    },
  },
  {
    name: "nothing queued runs after it, also with stop_on_error false",
    async run(kernel) {
      const { client, code } = kernel;
      const cell = await client.begin(code(endless["a promise that nobody keeps"]!), {
        stop_on_error: false,
      });
      const queued = await client.begin(code(print("ran")));
      await cell.begins();
      await delay(500);
      await kernel.interrupt();
      await cell.done();
      await queued.done();
      assert.equal(queued.stdout, "");
    },
  },
  {
    name: "an idle kernel is not harmed, and its next cell not stopped",
    async run(kernel) {
      await kernel.interrupt();
      await delay(500);
      assert.equal(await kernel.exitCode(), null);
      const cell = await kernel.client.run(kernel.code(sleep(300)));
      assert.equal(cell.content.status, "ok");
    },
  },
  {
    name: "interrupt_request on control is answered at once, while a cell computes",
    async run({ client, code }) {
      const cell = await client.begin(code(endless["a loop"]!));
      await cell.begins();
      await delay(300);
      const reply = await client.request("interrupt", {}, { channel: "control" });
      assert.equal(reply.status, "ok");
      await cell.done();
      assert.equal(cell.content.status, "error");
    },
  },
  {
    name: "code is told by kernel.signal",
    async run(kernel) {
      const { cell } = await kernel.interruptCell(
        kernel.code({
          convoscope:
            'kernel.signal.addEventListener("abort", () => console.log("told")); await new Promise((done, fail) => kernel.signal.addEventListener("abort", () => fail(kernel.signal.reason)))',
          ts: noWay,
        }),
      );
      await cell.prints(/told/);
      assert.equal(cell.content.status, "error");
    },
  },
  {
    name: "output goes on to be heard after it",
    async run(kernel) {
      await kernel.interruptCell(kernel.code(endless["a loop"]!));
      assert.equal((await kernel.client.run(kernel.code(print("heard")))).stdout, "heard\n");
    },
  },
  {
    name: "a timer that was running goes on",
    async run(kernel) {
      const { client, code } = kernel;
      await client.run(
        code({
          ts: "let beats = 0; let beating = setInterval(() => beats++, 50); undefined",
          py: "import asyncio\nbeats = 0\nasync def beat():\n    global beats\n    while True:\n        await asyncio.sleep(0.05)\n        beats += 1\nbeating = asyncio.create_task(beat())",
        }),
      );
      await kernel.interruptCell(code(endless["a loop"]!));
      const before = Number((await client.run("beats")).value);
      await client.run(code(sleep(500)));
      const after = Number((await client.run("beats")).value);
      await client.run(code({ ts: "clearInterval(beating)", py: "_ = beating.cancel()" }));
      assert.ok(after > before, `${before}, ${after}`);
    },
  },
]);
