import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { writeConnectionInfo } from "../../src/kernel/transport/connectionInfo.ts";
import { freeConnection } from "../../src/notebook/freeConnection.ts";
import { lives, runToEnd } from "../support/processes.ts";
import { printed, type Exchange } from "./exchange.ts";
import { kernelProgram, LiveKernel } from "./liveKernel.ts";

const env = { CONVOSCOPE_HISTORY: "off" };
const error = ({ published }: Exchange): Record<string, unknown> | undefined =>
  published.find(({ header }) => header.msg_type === "error")?.content;

describe("the end of a kernel", function () {
  this.timeout(60_000);
  const kernels: LiveKernel[] = [];
  const start = async (options: Parameters<typeof LiveKernel.start>[0] = {}): Promise<LiveKernel> => {
    const kernel = await LiveKernel.start(options);
    kernels.push(kernel);
    return kernel;
  };
  let directory: string;
  before(async () => (directory = await mkdtemp(join(tmpdir(), "ending-"))));
  after(() => rm(directory, { recursive: true }));
  afterEach(async () => {
    for (const kernel of kernels.splice(0)) {
      await kernel.close();
      if (kernel.invalid.length > 0) throw kernel.invalid[0];
    }
  });

  /** A cell that starts a child that would live long, and its process id. */
  const startChild = async (kernel: LiveKernel): Promise<number> =>
    Number(
      await kernel.value(
        "import { spawn } from 'node:child_process'; spawn('sleep', ['600'], { stdio: 'ignore' }).pid",
      ),
    );

  /** A process that a command leaves in the background. */
  const startJob = async (kernel: LiveKernel, command = "sleep 600"): Promise<number> =>
    Number(printed(await kernel.execute(`!${command} & echo $!`)));

  it("ends what commands have left in the background, but for what is to outlive them", async () => {
    const kernel = await start();
    const [job, other] = [await startJob(kernel), await startJob(kernel)];
    const kept = await startJob(kernel, "nohup sleep 600");
    process.kill(other);
    try {
      assert.deepEqual([job, kept].map(lives), [true, true]);
      await kernel.close();
      assert.deepEqual([job, kept].map(lives), [false, true]);
    } finally {
      process.kill(kept);
    }
  });

  for (const [what, code] of [
    ["in a cell", "console.log('before'); process.exit(3); console.log('after')"],
    ["behind an await", "console.log('before'); await null; process.exit(3); console.log('after')"],
  ] as const) {
    it(`by process.exit ${what} is reported, and has its code`, async () => {
      const kernel = await start();
      const cell = await kernel.execute(code);
      assert.equal(cell.reply!.content.ename, "ProcessExit");
      assert.equal(error(cell)?.ename, "ProcessExit");
      assert.equal(printed(cell), "before\n");
      assert.equal(await kernel.ended(), 3);
      assert.equal(kernel.stderr, "");
    });
  }

  it("by process.exit in a timer has its code", async () => {
    const kernel = await start();
    await kernel.execute("setTimeout(() => process.exit(4), 50)");
    assert.equal(await kernel.ended(), 4);
    assert.equal(kernel.stderr, "");
  });

  it("for want of memory is an error that says so, and what was printed before is there", async () => {
    const kernel = await start({ env: { NODE_OPTIONS: "--max-old-space-size=150" } });
    const cell = await kernel.execute(
      "console.log('before'); const all: number[][] = []; for (;;) all.push(new Array(100_000).fill(all.length))",
    );
    assert.equal(cell.reply!.content.status, "error");
    assert.equal(cell.reply!.content.ename, "OutOfMemory");
    assert.equal(error(cell)?.ename, "OutOfMemory");
    assert.match(String(error(cell)?.evalue), /--max-old-space-size/);
    assert.match(printed(cell), /^before\n/);
    assert.notEqual(await kernel.ended(), 0);
  });

  it("comes with SIGTERM, with what its cells have started", async () => {
    const kernel = await start();
    const child = await startChild(kernel);
    kernel.signal("SIGTERM");
    await kernel.ended();
    await kernel.until(() => !lives(child));
    assert.equal(kernel.stderr, "");
  });

  it("comes with SIGTERM while a cell loops", async () => {
    const kernel = await start();
    kernel.begin("while (true) {}");
    await kernel.ask("kernel_info_request");
    kernel.signal("SIGTERM");
    await kernel.ended();
  });

  it("comes with a shutdown, with what its cells have started, also while a cell loops", async () => {
    for (const code of ["1", "while (true) {}"]) {
      const kernel = await start();
      const child = await startChild(kernel);
      kernel.begin(code);
      const reply = await kernel.ask("shutdown_request", { restart: false }, { channel: "control" });
      assert.deepEqual(reply, { status: "ok", restart: false });
      const code0 = await kernel.ended();
      if (code === "1") assert.equal(code0, 0);
      await kernel.until(() => !lives(child));
      assert.equal(kernel.stderr, "");
    }
  });

  it("comes with a shutdown, with what its cells have started and what that has, and what does not want to end", async () => {
    const kernel = await start();
    const pids = await kernel.value(
      "import { spawn } from 'node:child_process'; const child = spawn('sh', ['-c', 'trap \"\" TERM; sleep 600 & echo $$ $!; wait; wait'], { stdio: ['ignore', 'pipe', 'ignore'] });" +
        "const [line] = await new Promise<Buffer[]>((done) => child.stdout.once('data', (...all) => done(all))); line!.toString().trim()",
    );
    const [shell, sleep] = pids!.replaceAll("'", "").split(" ").map(Number);
    await kernel.ask("shutdown_request", { restart: false }, { channel: "control" });
    assert.equal(await kernel.ended(), 0);
    await kernel.until(() => !lives(shell!) && !lives(sleep!));
  });

  it("comes when its parent has died, with what its cells have started", async () => {
    const info = await freeConnection();
    const file = join(directory, "orphan.json");
    await writeFile(file, writeConnectionInfo(info));
    // A parent that starts a kernel as Jupyter does, says its number and then waits to be killed.
    const parent = spawn(
      process.execPath,
      [
        "-e",
        "const { spawn } = require('node:child_process');" +
          "const kernel = spawn(process.execPath, process.argv.slice(1), { detached: true, stdio: 'ignore', env: { ...process.env, JPY_PARENT_PID: String(process.pid) } });" +
          "console.log(kernel.pid); setInterval(() => {}, 1000)",
        kernelProgram,
        file,
      ],
      { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "ignore"] },
    );
    const [line] = (await once(parent.stdout, "data")) as [Buffer];
    const pid = Number(line.toString());
    const kernel = await LiveKernel.attach(info);
    const child = await startChild(kernel);
    kernel.begin("while (true) {}");
    await kernel.ask("kernel_info_request");
    parent.kill("SIGKILL");
    await kernel.until(() => !lives(pid) && !lives(child));
    await kernel.close();
  });
});

describe("the start of a kernel", function () {
  this.timeout(60_000);
  let directory: string;
  before(async () => (directory = await mkdtemp(join(tmpdir(), "start-"))));
  after(() => rm(directory, { recursive: true }));

  /** Fails in one line that says why. */
  const refused = async (path: string, why: RegExp): Promise<void> => {
    const { code, stdout, stderr } = await runToEnd(process.execPath, [kernelProgram, path], { env });
    assert.equal(code, 1, stderr);
    assert.equal(stdout, "");
    assert.match(stderr, why);
    assert.equal(stderr.trimEnd().split("\n").length, 1, stderr);
  };

  it("is refused in one line when the connection file is not there", () =>
    refused(
      join(directory, "nothing.json"),
      /^convoscope kernel: expected a connection file, found no readable/,
    ));

  for (const [what, text, why] of [
    ["no JSON", "{ broken", /expected a JSON object/],
    ["an array", "[1, 2]", /expected a JSON object/],
    ["without ports", "{}", /expected shell_port, a number from 1 to 65535 in .*, found nothing/],
    ["with a port that is none", '{"shell_port":99999999}', /expected shell_port, /],
    ["with an ip that is none", "ip", /expected the address/],
  ] as const) {
    it(`is refused in one line when the connection file is ${what}`, async () => {
      const path = join(directory, "broken.json");
      const info = await freeConnection();
      await writeFile(path, text === "ip" ? writeConnectionInfo({ ...info, ip: "no address" }) : text);
      await refused(path, why);
    });
  }

  it("is refused in one line when another kernel has its ports, which lives on", async () => {
    const kernel = await LiveKernel.start();
    try {
      const path = join(directory, "taken.json");
      await writeFile(path, writeConnectionInfo(kernel.info));
      await refused(path, /expected the address tcp:.* to be free/);
      // One port of five that is taken.
      const info = await freeConnection();
      const ports = { ...info.ports, control: kernel.info.ports.control };
      await writeFile(path, writeConnectionInfo({ ...info, ports }));
      await refused(path, /expected the address tcp:.* to be free \(control\)/);
      assert.equal(await kernel.value("1 + 1"), "2");
    } finally {
      await kernel.close();
    }
  });
});
