import assert from "node:assert/strict";

import { printed, type Exchange } from "./exchange.ts";
import { LiveKernel } from "./liveKernel.ts";

const types = ({ published }: Exchange): string[] => published.map(({ header }) => header.msg_type);

describe("a kernel with much to do", function () {
  this.timeout(120_000);
  let kernel: LiveKernel;
  before(async () => {
    kernel = await LiveKernel.start();
  });
  after(() => kernel.close());
  afterEach(() => {
    if (kernel.invalid.length > 0) throw kernel.invalid[0];
  });

  /** What came before `idle` is what counts: front ends stop to listen then. */
  const beforeIdle = ({ published }: Exchange): Pick<Exchange, "published"> => ({
    published: published.slice(
      0,
      published.findIndex(({ content }) => content.execution_state === "idle"),
    ),
  });

  it("prints 20,000 lines whole and in order before it is idle", async () => {
    const cell = await kernel.execute("for (let i = 0; i < 20000; i++) console.log(i)");
    const expected = Array.from({ length: 20_000 }, (_, i) => `${i}\n`).join("");
    assert.equal(printed(beforeIdle(cell)), expected);
  });

  it("prints 10 MB whole and in order before it is idle", async () => {
    const cell = await kernel.execute(
      "for (let i = 0; i < 1000; i++) process.stdout.write(`${i}`.padStart(10, '0').repeat(1000) + '\\n');",
    );
    const text = printed(beforeIdle(cell));
    assert.equal(text.length, 10_001_000);
    const lines = text.split("\n").slice(0, -1);
    assert.ok(lines.every((line, i) => line === `${i}`.padStart(10, "0").repeat(1000)));
  });

  it("keeps the order of both streams and of displays among much output", async () => {
    const cell = await kernel.execute(
      "import { display } from 'convoscope';\n" +
        "for (let i = 0; i < 2000; i++) { console.log(`o${i}`); if (i % 100 === 0) console.error(`e${i}`); if (i % 500 === 0) await display(i) }",
    );
    const seen = beforeIdle(cell).published.flatMap(({ header, content }) => {
      if (header.msg_type === "stream") return (content.text as string).split("\n").slice(0, -1);
      if (header.msg_type !== "display_data") return [];
      return `d${(content.data as Record<string, string>)["text/plain"]}`;
    });
    const expected = Array.from({ length: 2000 }, (_, i) => [
      `o${i}`,
      ...(i % 100 === 0 ? [`e${i}`] : []),
      ...(i % 500 === 0 ? [`d${i}`] : []),
    ]).flat();
    assert.deepEqual(seen, expected);
  });

  it("runs 1,000 queued cells in their order, each with its own number and output", async () => {
    await kernel.execute("const ran: number[] = []");
    const cells = Array.from({ length: 1000 }, (_, i) => kernel.begin(`ran.push(${i}); console.log(${i})`));
    await Promise.all(cells.map(({ done }) => done));
    assert.equal(await kernel.value("ran.length + ' ' + ran.every((n, i) => n === i)"), "'1000 true'");
    const first = cells[0]!.reply!.content.execution_count as number;
    cells.forEach((cell, i) => {
      assert.equal(cell.reply!.content.execution_count, first + i);
      assert.equal(printed(beforeIdle(cell)), `${i}\n`);
    });
  });

  it("opens and closes 100 comms from its side, with buffers, and forgets them", async () => {
    const cell = await kernel.execute(
      "import { openComm } from 'convoscope';\n" +
        "for (let i = 0; i < 100; i++) { const c = openComm('t', { buffers: [new Uint8Array(1000).fill(i)] }); c.send({ i }, { buffers: [Float32Array.of(i)] }); c.close(); }",
    );
    assert.equal(cell.reply!.content.status, "ok", JSON.stringify(cell.reply!.content));
    const comms = cell.published.filter(({ header }) => header.msg_type.startsWith("comm_"));
    assert.equal(comms.length, 300);
    for (let i = 0; i < 100; i++) {
      const [open, message, close] = comms.slice(3 * i, 3 * i + 3);
      assert.deepEqual(
        [open, message, close].map((each) => each?.header.msg_type),
        ["comm_open", "comm_msg", "comm_close"],
      );
      assert.equal(new Set([open, message, close].map((each) => each?.content.comm_id)).size, 1);
      assert.deepEqual([...open!.buffers[0]!], Array<number>(1000).fill(i));
      assert.deepEqual([...message!.buffers[0]!], [...new Uint8Array(Float32Array.of(i).buffer)]);
    }
    assert.deepEqual((await kernel.ask("comm_info_request")).comms, {});
  });

  it("takes 100 comms of the front end, with buffers, and forgets them", async () => {
    await kernel.execute(
      "import { registerCommTarget } from 'convoscope';\n" +
        "const heard: number[] = []; let left = 0;\n" +
        "registerCommTarget('echo', (comm) => { comm.onMessage(({ data, buffers }) => { heard.push(buffers[0].length); comm.send(data, { buffers }) }); comm.onClose(() => { left++ }) })",
    );
    const sizes = Array.from({ length: 100 }, (_, i) => 1000 * i + 1);
    const exchanges = sizes.map((size, i) => {
      const comm_id = `from-front-end-${i}`;
      const buffers = [new Uint8Array(size).fill(i)];
      const open = kernel.send("comm_open", { comm_id, target_name: "echo", data: {} });
      const message = kernel.send("comm_msg", { comm_id, data: { i } }, { buffers });
      const close = kernel.send("comm_close", { comm_id, data: {} });
      return { message, all: [open, message, close] };
    });
    await Promise.all(exchanges.flatMap(({ all }) => all.map(({ done }) => done)));
    exchanges.forEach(({ message }, i) => {
      const echo = message.published.find(({ header }) => header.msg_type === "comm_msg");
      assert.deepEqual(echo?.content.data, { i });
      assert.deepEqual(Buffer.from(echo.buffers[0]!), Buffer.alloc(sizes[i]!, i));
    });
    assert.equal(
      await kernel.value("heard.every((n, i) => n === 1000 * i + 1) + ' ' + heard.length + ' ' + left"),
      "'true 100 100'",
    );
    assert.deepEqual((await kernel.ask("comm_info_request")).comms, {});
  });

  it("keeps apart what two subshells and the main shell print at the same time", async () => {
    const ids = await Promise.all(
      [0, 1].map(
        async () =>
          (await kernel.ask("create_subshell_request", {}, { channel: "control" })).subshell_id as string,
      ),
    );
    const code = (name: string): string =>
      `for (let i = 0; i < 200; i++) { console.log('${name}' + i); if (i % 10 === 0) await new Promise((next) => setTimeout(next, 1)) }`;
    const cells = [
      kernel.begin(code("main")),
      ...ids.map((id, i) => kernel.begin(code(`sub${i}-`), {}, { header: { subshell_id: id } })),
    ];
    await Promise.all(cells.map(({ done }) => done));
    cells.forEach((cell, i) => {
      const name = ["main", "sub0-", "sub1-"][i]!;
      assert.equal(
        printed(beforeIdle(cell)),
        Array.from({ length: 200 }, (_, n) => `${name}${n}\n`).join(""),
      );
    });
    for (const subshell_id of ids)
      await kernel.ask("delete_subshell_request", { subshell_id }, { channel: "control" });
  });

  it("shows what late timers print, and throw, under the cells that started them", async () => {
    const cells = Array.from({ length: 50 }, (_, i) =>
      kernel.begin(
        `setTimeout(() => console.log('late ${i}'), ${300 + 7 * (i % 10)}); setTimeout(() => { throw new Error('thrown ${i}') }, 320); ` +
          `setTimeout(() => void Promise.reject(new Error('rejected ${i}')), 340); setTimeout(() => console.log('end ${i}'), 700); ${i}`,
      ),
    );
    await Promise.all(cells.map(({ done }) => done));
    await kernel.until(() => cells.every((cell) => printed(cell).endsWith(`end ${cells.indexOf(cell)}\n`)));
    cells.forEach((cell, i) => {
      assert.equal(printed(cell), `late ${i}\nend ${i}\n`);
      const errors = printed(cell, "stderr");
      assert.match(errors, new RegExp(`^Uncaught Error: thrown ${i}$`, "m"));
      assert.match(errors, new RegExp(`^Uncaught \\(in promise\\) Error: rejected ${i}$`, "m"));
      const number = String(cell.reply!.content.execution_count);
      assert.ok(errors.includes(`Cell [${number}]:1:`), errors);
      assert.equal(errors.match(/Uncaught/g)?.length, 2);
    });
    assert.equal(await kernel.value("1 + 1"), "2");
  });

  it("shows what 20 child processes print, whole, before the cell that waits for them is idle", async () => {
    const cell = await kernel.execute(
      "import { spawn } from 'node:child_process';\n" +
        "await Promise.all(Array.from({ length: 20 }, (_, i) => new Promise((ended) => " +
        "spawn('/bin/sh', ['-c', `for n in 1 2 3 4 5; do echo child ${i} line $n; echo oops ${i} >&2; done`], { stdio: 'inherit' }).on('close', ended))))",
    );
    const lines = printed(beforeIdle(cell)).split("\n").slice(0, -1);
    assert.equal(lines.length, 100);
    for (let i = 0; i < 20; i++)
      assert.deepEqual(
        lines.filter((line) => line.startsWith(`child ${i} `)),
        [1, 2, 3, 4, 5].map((n) => `child ${i} line ${n}`),
      );
    const errors = printed(beforeIdle(cell), "stderr").split("\n").slice(0, -1).sort();
    assert.deepEqual(
      errors,
      Array.from({ length: 20 }, (_, i) => Array<string>(5).fill(`oops ${i}`))
        .flat()
        .sort(),
    );
    assert.ok(types(cell).filter((type) => type === "stream").length > 0);
  });
});
