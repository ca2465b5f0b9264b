import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { setHost, type Host } from "../../../../src/jupyter/host.ts";
import type { Failure, Outcome } from "../../../../src/kernel/core/interpreter.ts";
import { interruptFlagBytes, interruptFlags } from "../../../../src/kernel/language/interruptFlags.ts";
import { TypeScriptInterpreter, type InspectName } from "../../../../src/kernel/language/interpreter.ts";
import { lives, until } from "../../../support/processes.ts";
import { failureOf, forgetStackTraces, textOf } from "../freshInterpreter.ts";

describe("magics", () => {
  let directory: string;
  let interpreter: TypeScriptInterpreter;
  let count: number;
  let printed: { stdout: string; stderr: string };
  const real = {
    stdout: process.stdout.write.bind(process.stdout),
    stderr: process.stderr.write.bind(process.stderr),
  };

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "magics-"));
    interpreter = new TypeScriptInterpreter({ directory });
    count = 0;
  });
  afterEach(() => {
    rmSync(directory, { recursive: true });
    forgetStackTraces();
  });

  /** Runs a cell, keeping what it prints. */
  const run = async (code: string): Promise<Outcome> => {
    printed = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) {
      process[name].write = (chunk: string | Uint8Array): boolean => {
        printed[name] += chunk.toString();
        return true;
      };
    }
    try {
      return await interpreter.execute({ code, count: ++count });
    } finally {
      Object.assign(process.stdout, { write: real.stdout });
      Object.assign(process.stderr, { write: real.stderr });
    }
  };
  const value = async (code: string): Promise<unknown> => textOf(await run(code));
  const failure = async (code: string): Promise<Failure> => failureOf(await run(code));

  it("run in their turn, between the statements around them", async () => {
    assert.equal(await value("let a = 1\n!echo one\na++\n%time a\n!echo two\na"), "2");
    assert.match(printed.stdout, /^one\nWall time: [\d.]+ (ns|µs|ms)\ntwo\n$/);
  });

  it("that take nothing say so", async () => {
    await run("let a = 1");
    for (const name of ["%who", "%reset", "%lsmagic"])
      assert.equal((await failure(`${name} a`)).evalue, `${name}: expected nothing behind it, found a`);
    assert.equal(await value("a"), "1");
    assert.equal(await value("%reset -f\n1"), "1");
    assert.equal((await failure("a")).ename, "ReferenceError");
  });

  it("that do not exist are named before anything has run, with those that do", async () => {
    const { ename, evalue } = await failure("!echo ran\n%nope x");
    assert.equal(ename, "MagicError");
    assert.match(evalue, /^unknown magic %nope; there are %ts, .*%lsmagic, !command and name\?$/);
    assert.equal(printed.stdout, "");
  });

  it("do not move places in the cell", async () => {
    const { traceback } = await failure("%who\nlet a = 1; a.b.c");
    assert.ok(traceback.includes("    at Cell [1]:2:16"));
    const timed = await failure("let a: any = 1\n%time  a.b.c");
    assert.ok(timed.traceback.includes("    at Cell [2]:2:12"));
    assert.deepEqual((await failure("%who\nlet a: = 1")).traceback[1], "    at Cell [3]:2:8");
  });

  describe("%time", () => {
    it("gives the value, awaited when the cell says so, over more than one line", async () => {
      assert.equal(await value("%time [1,\n 2].map((x) => x * 2)"), "[ 2, 4 ]");
      assert.equal(await value("%time await Promise.resolve(3)"), "3");
      assert.equal(await value("%time Promise.resolve(3); // no await"), "3");
    });

    it("tells the time of what fails, too", async () => {
      assert.equal((await failure("%time nope()")).ename, "ReferenceError");
      assert.match(printed.stdout, /^Wall time/);
    });

    it("wants an expression", async () => {
      assert.deepEqual((await failure("%time")).traceback, [
        "InputError: %time: expected an expression, found nothing",
      ]);
      assert.match((await failure("%time let a = 1")).evalue, /found let a = 1$/);
    });
  });

  describe("%timeit", () => {
    it("finds out how many loops are needed", async () => {
      assert.equal(await value("%timeit await new Promise((done) => setTimeout(done, 30))"), undefined);
      assert.match(
        printed.stdout,
        /^\d+(\.\d+)? ms ± \S+ (ns|µs|ms) per loop \(mean ± std\. dev\. of 7 runs, \d+ loops each\)\n$/,
      );
    }).timeout(30_000);

    it("can be stopped, though it never waits", async () => {
      const interruptMemory = new SharedArrayBuffer(interruptFlagBytes);
      const stop = (): void => interruptFlags(interruptMemory).request();
      interpreter = new TypeScriptInterpreter({ directory, interruptMemory, builtins: { stop } });
      const outcome = await run("let loops = 0\n%timeit ++loops === 1000 && stop()");
      assert.ok(outcome.status === "error" && outcome.interrupted);
      assert.equal(printed.stdout, "");
    });
  });

  describe("%who", () => {
    it("shows names, types and values in a table", async () => {
      const shown: unknown[] = [];
      const host: Host = { notebook: true, display: ({ data }) => void shown.push(data["text/plain"]) };
      setHost(host);
      try {
        await run("%who");
        assert.equal(printed.stdout, "no names yet\n");
        await run("const n = 1, list = [1, 2]; function f(a) {}\n%who");
      } finally {
        setHost(undefined);
      }
      assert.deepEqual(shown, [
        "name  type           value\nf     function f(a)\nn     number         1\nlist  Array(2)       [ 1, 2 ]",
      ]);
    });
  });

  describe("%reset", () => {
    it("forgets all names but those of its own cell", async () => {
      await run("const a = 1; let b = 2");
      assert.equal(await value("%reset\nimport { sep } from 'path'\nconst b = 3; b + sep.length"), "4");
      assert.equal(await value("typeof a + b"), "'undefined3'");
    });
  });

  describe("%load", () => {
    it("puts the text of a file into the cell", async () => {
      writeFileSync(join(directory, "a b.ts"), "let a = 1;\n");
      assert.deepEqual(await run("%load a b.ts"), {
        status: "ok",
        payload: [{ source: "set_next_input", text: "let a = 1;\n", replace: true }],
      });
    });

    it("says in a line that there is no such file", async () => {
      const { traceback } = await failure("%load nope.ts");
      assert.deepEqual(traceback, [
        `InputError: %load: expected a file ${join(directory, "nope.ts")}, found none`,
      ]);
    });
  });

  describe("!command", () => {
    /** The numbers that a command prints, one a line, once so many are there. */
    async function numbersPrinted(count: number): Promise<number[]> {
      for (;;) {
        const lines = printed.stdout.split("\n").slice(0, -1);
        if (lines.length === count) return lines.map(Number);
        await new Promise((done) => setTimeout(done, 20));
      }
    }

    it("prints as it goes, in the notebook's directory", async () => {
      writeFileSync(join(directory, "file"), "");
      await run("!ls; echo wrong >&2");
      assert.deepEqual(printed, { stdout: "file\n", stderr: "wrong\n" });
    });

    it("fails with the exit code of the command", async () => {
      const { ename, evalue, traceback } = await failure("let a = 1\n!exit 3");
      assert.deepEqual([ename, evalue], ["ShellError", "exit 3: ended with exit code 3"]);
      assert.ok(traceback.includes("    at async Cell [1]:2:1"));
    });

    it("does not wait for what it leaves in the background", async () => {
      const outcome = await run("!sh -c 'sleep 0.5; echo > later' & echo at once");
      assert.deepEqual([outcome.status, printed.stdout], ["ok", "at once\n"]);
      const later = join(directory, "later");
      assert.ok(!existsSync(later));
      await until(() => existsSync(later), 15_000);
    });

    it("is stopped with all that it has started", async () => {
      const running = run("!echo $$; sleep 60 & echo $!; wait");
      const pids = await numbersPrinted(2);
      interpreter.interrupt();
      const outcome = await running;
      assert.ok(outcome.status === "error" && outcome.interrupted);
      await until(() => !pids.some(lives), 15_000);
    }).timeout(20_000);

    it("is stopped even when it does not want to be", async () => {
      const running = run("!trap '' INT; echo $$; while true; do sleep 0.05; done");
      const [pid] = await numbersPrinted(1);
      interpreter.interrupt();
      await running;
      await until(() => !lives(pid!), 15_000);
    }).timeout(20_000);
  });

  describe("name?", () => {
    const page = (outcome: Outcome): unknown =>
      outcome.status === "ok" && outcome.payload?.[0]?.source === "page" && outcome.payload[0].data;

    it("opens the pager with what the value tells", async () => {
      await run("const list = [1, 2]; const f = (a: number) => a");
      assert.deepEqual(page(await run("list?")), { "text/plain": "list\nArray(2)\n[ 1, 2 ]" });
      assert.deepEqual(page(await run("?f")), { "text/plain": "f\nfunction f(a)" });
      assert.deepEqual(page(await run("list[1]?")), { "text/plain": "list[1]\nnumber\n2" });
    });

    it("asks whoever knows more, for the source too", async () => {
      const inspect: InspectName = (name, detail) =>
        Promise.resolve({ data: { "text/plain": `${name} at ${detail}` }, metadata: {} });
      interpreter = new TypeScriptInterpreter({ directory, inspect });
      assert.deepEqual(page(await run("a.b?")), { "text/plain": "a.b at 0" });
      assert.deepEqual(page(await run("a.b??")), { "text/plain": "a.b at 1" });
    });

    it("says in a line that nothing is known", async () => {
      assert.deepEqual((await failure("nothing?")).traceback, [
        "InputError: ?: expected a known name, found nothing",
      ]);
    });
  });

  describe("%lsmagic and %ts", () => {
    it("list what there is", async () => {
      await run("%lsmagic");
      for (const usage of ["%ts", "%time", "%timeit", "%who", "%reset", "%load", "!command", "name?"])
        assert.ok(printed.stdout.includes(`${usage} `), usage);
    });

    it("want a policy that exists", async () => {
      assert.equal((await run("%ts off")).status, "ok");
      assert.equal((await failure("%ts")).evalue, "%ts: expected warn, error, off, found nothing");
    });
  });
});
