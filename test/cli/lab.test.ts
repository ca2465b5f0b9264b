import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { needProgram } from "../support/needs.ts";
import { root } from "../support/paths.ts";
import { runToEnd, type Finished } from "../support/processes.ts";

/** A stand-in for JupyterLab: writes down how it was called; ends with 3, or waits for a signal. */
const fakeLab = `#!/bin/sh
for word; do echo "$word"; done > "$LOG"
pwd >> "$LOG"
if [ -n "$WAIT" ]; then trap 'exit 5' TERM; while :; do sleep .1; done; fi
exit 3
`;

describe("convoscope lab", function () {
  this.timeout(30_000);
  let directory: string;
  let log: string;
  let program: string;
  before(needProgram);
  beforeEach(() => {
    directory = realpathSync(mkdtempSync(join(tmpdir(), "convoscope-lab-")));
    log = join(directory, "log");
    // A copy of the package that has no .venv beside it, so that only the environment made here is found.
    const copy = join(directory, "package");
    for (const part of [
      "dist/cli",
      "dist/jupyter/userDataDirectory.js",
      "dist/kernel/transport",
      "dist/errors.js",
      "dist/nearestName.js",
      "dist/atomicWrite.js",
      "dist/package.js",
      "kernelspec",
      "package.json",
    ]) {
      cpSync(join(root, part), join(copy, part), { recursive: true });
    }
    symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
    program = join(copy, "dist/cli/main.js");
    mkdirSync(join(directory, "env/bin"), { recursive: true });
    writeFileSync(join(directory, "env/bin/jupyter-lab"), fakeLab, { mode: 0o755 });
    mkdirSync(join(directory, "work"));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const environment = (more: Record<string, string> = {}): Record<string, string> => ({
    VIRTUAL_ENV: join(directory, "env"),
    JUPYTER_DATA_DIR: join(directory, "data"),
    LOG: log,
    ...more,
  });
  const lab = (args: string[], env: Record<string, string> = {}): Promise<Finished> =>
    runToEnd(process.execPath, [program, "lab", ...args], {
      cwd: join(directory, "work"),
      env: environment(env),
    });
  const called = (): string[] => readFileSync(log, "utf8").trimEnd().split("\n");
  const asRoot = process.getuid?.() === 0 ? ["--allow-root"] : [];

  it("hands its arguments and its exit code through, in the same directory", async () => {
    const { code, stderr } = await lab(["--no-browser", "--port=18999"]);
    assert.equal(code, 3, stderr);
    assert.deepEqual(called(), ["--no-browser", "--port=18999", ...asRoot, join(directory, "work")]);
  });

  it("opens on notebooks/ where there is one, unless told where", async () => {
    mkdirSync(join(directory, "work/notebooks"));
    mkdirSync(join(directory, "work/other"));
    await lab([]);
    assert.equal(called()[0], "notebooks");
    await lab(["other"]);
    assert.ok(!called().includes("notebooks"));
    await lab(["--ServerApp.root_dir=other"]);
    assert.ok(!called().includes("notebooks"));
  });

  it("makes the kernel known to that JupyterLab, and leaves a kernelspec alone that starts this kernel", async () => {
    await lab([]);
    const kernel = join(directory, "env/share/jupyter/kernels/convoscope/kernel.json");
    assert.equal(
      (JSON.parse(readFileSync(kernel, "utf8")) as { argv: string[] }).argv[1],
      join(directory, "package/dist/kernel.cjs"),
    );
    rmSync(join(directory, "env/share"), { recursive: true });
    await runToEnd(process.execPath, [program, "install", "--user"], { env: environment() });
    await lab([]);
    assert.equal(existsSync(kernel), false);
  });

  it("passes a request to end on", async () => {
    const child = spawn(process.execPath, [program, "lab"], {
      cwd: join(directory, "work"),
      stdio: "ignore",
      env: { ...process.env, ...environment({ WAIT: "1" }) },
    });
    const ended = once(child, "exit");
    while (!existsSync(log)) await delay(50);
    await delay(200);
    child.kill("SIGTERM");
    assert.deepEqual(await ended, [5, null]);
  });

  it("says in one line that the port is in use", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const { code, stderr } = await lab([`--port=${port}`]);
    server.close();
    assert.equal(code, 1);
    assert.equal(
      stderr,
      `convoscope lab: expected port ${port} to be free, found it in use; choose another --port\n`,
    );
    assert.equal(existsSync(log), false);
  });

  it("says in one line that JupyterLab is missing", async () => {
    rmSync(join(directory, "env"), { recursive: true });
    const { code, stderr } = await lab([], { PATH: "" });
    assert.equal(code, 1);
    assert.match(
      stderr,
      /^convoscope lab: expected JupyterLab, found none in \.venv, the active environment or the PATH; run .*\n$/,
    );
  });
});
