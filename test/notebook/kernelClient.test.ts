import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createServer, type Server } from "node:net";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePorts } from "../../src/notebook/freePorts.ts";
import { KernelClient } from "../../src/notebook/kernelClient.ts";
import { KernelDied } from "../../src/notebook/kernelProcess.ts";
import type { Message } from "../../src/kernel/transport/message.ts";
import { needIpykernel } from "./support/notebooks.ts";

const node = (program: string): { argv: string[] } => ({
  argv: [process.execPath, "-e", program, "{connection_file}"],
});

/** Runs code and gives the reply with everything that was printed. */
async function printed(client: KernelClient, code: string): Promise<{ reply: Message; text: string }> {
  let text = "";
  const onPublished = ({ header, content }: Message): void => {
    if (header.msg_type === "stream") text += String(content.text);
  };
  return { reply: await client.execute(code, { onPublished }), text };
}

describe("freePorts", () => {
  it("gives as many different ports as it is asked for, and nobody listens on them", async () => {
    const ports = await freePorts(5);
    assert.equal(new Set(ports).size, 5);
    const servers = await Promise.all(
      ports.map(
        (port) =>
          new Promise<Server>((resolve, reject) => {
            const server = createServer()
              .once("error", reject)
              .listen(port, "127.0.0.1", () => resolve(server));
          }),
      ),
    );
    servers.forEach((server) => server.close());
  });
});

describe("KernelClient, with ipykernel as the reference", () => {
  let client: KernelClient;
  before(async function () {
    client = await KernelClient.start(needIpykernel.call(this), { cwd: tmpdir() });
  });
  after(async () => client?.close());

  it("knows what the kernel says of itself", () => {
    assert.equal((client.info.language_info as { name: string }).name, "python");
  });

  it("hears every output before the reply counts", async () => {
    const { reply, text } = await printed(client, "for i in range(2000): print(i)");
    assert.equal(reply.content.status, "ok");
    assert.equal(text.trim().split("\n").length, 2000);
  });

  it("starts the kernel in the directory that it was given, and tells it who its parent is", async () => {
    const { text } = await printed(client, "import os; print(os.getcwd(), os.environ['JPY_PARENT_PID'])");
    assert.equal(text, `${tmpdir()} ${process.pid}\n`);
  });

  it("lets nobody else read the connection file", async () => {
    const { text } = await printed(client, "import ipykernel.connect as c; print(c.get_connection_file())");
    assert.equal(statSync(text.trim()).mode & 0o777, 0o600);
    assert.equal((JSON.parse(readFileSync(text.trim(), "utf8")) as { ip: string }).ip, "127.0.0.1");
  });

  it("gets the error of a cell", async () => {
    const { reply } = await printed(client, "1/0");
    assert.equal(reply.content.ename, "ZeroDivisionError");
  });

  it("does not offer to answer questions", async () => {
    assert.equal((await printed(client, "input()")).reply.content.ename, "StdinNotImplementedError");
  });
});

describe("KernelClient, when a kernel goes wrong", () => {
  const failure = async (work: Promise<unknown>): Promise<KernelDied> => {
    const error: unknown = await work.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof KernelDied, String(error));
    return error;
  };

  it("says how it ended and what it printed last", async () => {
    const { message } = await failure(
      KernelClient.start(node("console.error('no such thing'); process.exit(3)")),
    );
    assert.equal(message, "the kernel ended with code 3\nno such thing");
  });

  it("says that the program is not there", async () => {
    const { message } = await failure(KernelClient.start({ argv: ["/no/such/program"] }));
    assert.match(message, /^the kernel could not be started: .*ENOENT/);
  });

  it("does not wait for ever for an answer", async () => {
    const { message } = await failure(
      KernelClient.start(node("setTimeout(() => {}, 60000)"), { startTimeout: 0.3 }),
    );
    assert.equal(message, "the kernel did not answer within 0.3 s");
  });

  it("tries other ports when one was taken meanwhile", async () => {
    const directory = mkdtempSync(join(tmpdir(), "convoscope-"));
    const log = join(directory, "log");
    const program = `require("fs").appendFileSync(${JSON.stringify(log)}, "tried\\n"); console.error("EADDRINUSE"); process.exit(1)`;
    await failure(KernelClient.start(node(program)));
    assert.equal(readFileSync(log, "utf8"), "tried\n".repeat(3));
    rmSync(directory, { recursive: true });
  });

  it("hears what was printed before the kernel died in a cell", async function () {
    const client = await KernelClient.start(needIpykernel.call(this));
    let text = "";
    const code = "import os, sys, time; print('last words', flush=True); time.sleep(.3); os._exit(7)";
    const onPublished = ({ content }: Message): void => {
      if (typeof content.text === "string") text += content.text;
    };
    const { message } = await failure(client.execute(code, { onPublished }));
    assert.match(message, /^the kernel ended with code 7/);
    assert.equal(text, "last words\n");
    await client.close();
  });

  it("ends a kernel that does not leave when asked to, with all that it started", async function () {
    const client = await KernelClient.start(needIpykernel.call(this));
    const { text } = await printed(
      client,
      "import subprocess, signal; print(subprocess.Popen(['sleep', '600']).pid)",
    );
    const running = client.execute(
      "import time\nwhile True:\n  try: time.sleep(600)\n  except BaseException: pass",
      { onPublished: () => undefined },
    );
    running.catch(() => undefined);
    await delay(200);
    await client.close({ graceMs: 300 });
    await delay(100);
    // Nobody may have waited for it yet: a zombie counts as ended.
    const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", text.trim()], { encoding: "utf8" });
    assert.match(stdout, /^(Z.*)?\s*$/);
  });
});
