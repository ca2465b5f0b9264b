import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { InputError } from "../../../src/errors.ts";
import {
  addressOf,
  readConnectionInfo,
  writeConnectionInfo,
  type ConnectionInfo,
} from "../../../src/kernel/transport/connectionInfo.ts";

const info: ConnectionInfo = {
  transport: "tcp",
  ip: "127.0.0.1",
  ports: { shell: 1, control: 2, stdin: 3, iopub: 4, heartbeat: 5 },
  key: "secret",
};

describe("connection file", () => {
  let directory: string;
  let path: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "connection-"));
    path = join(directory, "kernel.json");
  });
  afterEach(() => rm(directory, { recursive: true }));

  it("is read as it was written", async () => {
    await writeFile(path, writeConnectionInfo(info));
    assert.deepEqual(await readConnectionInfo(path), info);
  });

  it("may come from jupyter_client, with fields that we do not know", async () => {
    const file = {
      shell_port: 1,
      iopub_port: 4,
      stdin_port: 3,
      control_port: 2,
      hb_port: 5,
      ip: "127.0.0.1",
    };
    const more = {
      key: "secret",
      transport: "tcp",
      signature_scheme: "hmac-sha256",
      kernel_name: "convoscope",
    };
    await writeFile(path, JSON.stringify({ ...file, ...more }));
    assert.deepEqual(await readConnectionInfo(path), info);
  });

  it("names addresses for TCP and for sockets in the file system", () => {
    assert.equal(addressOf(info, "heartbeat"), "tcp://127.0.0.1:5");
    assert.equal(addressOf({ ...info, transport: "ipc", ip: "/tmp/k" }, "shell"), "ipc:///tmp/k-1");
  });

  const bad: [string, string, RegExp][] = [
    ["no JSON", "{", /expected a JSON object/],
    ["a missing port", '{"shell_port": 1}', /control_port|stdin_port/],
    ["an unknown transport", '{"transport": "udp"}', /expected transport "tcp" or "ipc" in .*, found "udp"/],
    ["an unknown signature scheme", '{"key": "k", "signature_scheme": "md5"}', /hmac-sha256.*found "md5"/],
  ];
  for (const [what, text, message] of bad) {
    it(`with ${what} is refused in one line that says so`, async () => {
      await writeFile(path, text);
      await assert.rejects(
        readConnectionInfo(path),
        (error) => error instanceof InputError && message.test(error.message),
      );
    });
  }

  it("that is not there is refused with its path", async () => {
    await assert.rejects(
      readConnectionInfo(path),
      (error) => error instanceof InputError && error.message.includes(path),
    );
  });
});
