import assert from "node:assert/strict";

import { printed } from "./exchange.ts";
import { LiveKernel } from "./liveKernel.ts";

/** For a real soak: CONVOSCOPE_SOAK_MINUTES=3. In the suite it only shows that nothing is lost on the way. */
const minutes = Number(process.env.CONVOSCOPE_SOAK_MINUTES ?? 0);
const suiteRounds = 20;

/** How much more memory the last third may have than the middle third, by the medians. The first third warms up. */
const growth = 1.1;

interface Sample {
  rounds: number;
  /** Resident memory of the process, in MB. */
  rss: number;
  /** What lives on the main thread's heap after a collection, in MB. */
  heap: number;
}

describe("a kernel that works for long", function () {
  this.timeout(0);
  let kernel: LiveKernel;
  before(async () => {
    kernel = await LiveKernel.start({ env: { NODE_OPTIONS: "--expose-gc" } });
    await kernel.value(
      "import { openComm, registerCommTarget, display } from 'convoscope';\n" +
        "registerCommTarget('echo', (comm) => { comm.onMessage(({ data, buffers }) => comm.send(data, { buffers })) });\n" +
        "const megabytes = (bytes: number) => bytes / 2 ** 20;",
    );
  });
  after(() => kernel.close());

  /** Runs a cell and forgets it. */
  const run = async (code: string, status = "ok"): Promise<string> => {
    const exchange = await kernel.execute(code);
    kernel.forget(exchange.request);
    assert.equal(exchange.reply!.content.status, status, JSON.stringify(exchange.reply!.content));
    return printed(exchange);
  };

  /** Some of everything that a user does. */
  const round = async (n: number): Promise<void> => {
    await run(`let value = ${n}; function f(x: number): number { return x + value } f(1)`);
    await run(
      `class Point { constructor(public readonly x: number) {} } const points = Array.from({ length: 1000 }, (_, i) => new Point(i)); points`,
    );
    assert.equal(
      (await run("for (let i = 0; i < 2000; i++) console.log('a line of output', i)")).split("\n").length,
      2001,
    );
    await run("display({ data: { 'image/png': 'A'.repeat(500_000) }, metadata: {} } as never)");
    await run("const u = undefined as never as { a: number }; u.a", "error");
    await run("let b: = 2", "error");
    await run("await new Promise((next) => setTimeout(next, 1)); setTimeout(() => console.log('late'), 5)");
    await run(
      "for (let i = 0; i < 10; i++) { const comm = openComm('t', { buffers: [new Uint8Array(10_000)] }); comm.close() }",
    );
    const comm_id = `comm-${n}`;
    const buffers = [new Uint8Array(100_000)];
    const sent = [
      kernel.send("comm_open", { comm_id, target_name: "echo", data: {} }),
      kernel.send("comm_msg", { comm_id, data: { n } }, { buffers }),
      kernel.send("comm_close", { comm_id, data: {} }),
      kernel.send("complete_request", { code: "points.len", cursor_pos: 10 }),
      kernel.send("inspect_request", { code: "points", cursor_pos: 3, detail_level: 1 }),
      kernel.send("is_complete_request", { code: "f(" }),
      kernel.send("history_request", { hist_access_type: "tail", n: 10 }),
    ];
    for (const { done, request } of sent) {
      await done;
      kernel.forget(request);
    }
    const { subshell_id } = await kernel.ask("create_subshell_request", {}, { channel: "control" });
    await kernel.value("1 + 1", { header: { subshell_id: subshell_id as string } });
    await kernel.ask("delete_subshell_request", { subshell_id }, { channel: "control" });
    const endless = kernel.begin(n % 2 ? "while (true) {}" : "await new Promise(() => {})");
    await kernel.until(() => endless.published.length > 1);
    await kernel.ask("interrupt_request", {}, { channel: "control" });
    assert.equal((await endless.done).reply!.content.ename, "KernelInterrupt");
    kernel.forget(endless.request);
  };

  const measure = async (rounds: number): Promise<Sample> => {
    const heap = Number(await kernel.value("gc!(); gc!(); megabytes(process.memoryUsage().heapUsed)"));
    const { kernel_memory: bytes } = await kernel.ask("usage_request", {}, { channel: "control" });
    return { rounds, rss: (bytes as number) / 2 ** 20, heap };
  };

  const title =
    minutes === 0
      ? "loses nothing on the way"
      : "needs no more memory after thousands of cells than after some, and loses nothing on the way";
  it(title, async () => {
    const samples: Sample[] = [];
    const end = performance.now() + minutes * 60_000;
    const every = minutes === 0 ? suiteRounds : 50;
    for (let n = 1; minutes === 0 ? n <= suiteRounds : performance.now() < end; n++) {
      await round(n);
      if (n % every > 0) continue;
      const sample = await measure(n);
      samples.push(sample);
      if (minutes > 0)
        process.stderr.write(
          `      ${n} rounds: resident ${sample.rss.toFixed(0)} MB, heap of the cells ${sample.heap.toFixed(1)} MB\n`,
        );
    }
    assert.deepEqual((await kernel.ask("comm_info_request")).comms, {});
    assert.deepEqual((await kernel.ask("list_subshell_request", {}, { channel: "control" })).subshell_id, []);
    assert.deepEqual(kernel.invalid, []);
    if (minutes === 0) return;
    for (const name of ["rss", "heap"] as const) {
      const third = Math.floor(samples.length / 3);
      const values = samples.map((sample) => sample[name]);
      const [middle, last] = [median(values.slice(third, 2 * third)), median(values.slice(2 * third))];
      assert.ok(
        last <= middle * growth,
        `${name}: ${last.toFixed(1)} MB in the last third, ${middle.toFixed(1)} in the middle`,
      );
    }
  });
});

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}
