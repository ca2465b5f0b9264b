import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";

import fc from "fast-check";
import { XSubscriber } from "zeromq";

import { addressOf, channels, type Channel } from "../../src/kernel/transport/connectionInfo.ts";
import { encode, makeHeader } from "../../src/kernel/transport/message.ts";
import { LiveKernel, sender } from "./liveKernel.ts";
import { jsonParts, key, shot, signed } from "./shots.ts";

/** How many batches, and from which seed: more than in the suite with CONVOSCOPE_FUZZ_RUNS=5000 CONVOSCOPE_FUZZ_SEED=2. */
const numRuns = Number(process.env.CONVOSCOPE_FUZZ_RUNS ?? 60);
const seed = Number(process.env.CONVOSCOPE_FUZZ_SEED ?? 1);

describe("a kernel that is sent anything over its sockets", function () {
  this.timeout(0);
  let kernel: LiveKernel;
  let send: Record<Channel, (frames: Uint8Array[]) => Promise<void>>;
  let beat: () => Promise<void>;
  let count: number;

  /** A kernel that keeps a variable, and sockets of another client. After a failure there is a new one, for the next attempt. */
  const start = async (): Promise<void> => {
    kernel = await LiveKernel.start({ key });
    const subscriber = new XSubscriber({ linger: 0, sendHighWaterMark: 0 });
    kernel.track(subscriber, "iopub");
    const heartbeat = kernel.dealer("heartbeat");
    send = {
      shell: sender(kernel.dealer("shell")),
      control: sender(kernel.dealer("control")),
      stdin: sender(kernel.dealer("stdin")),
      heartbeat: sender(kernel.dealer("heartbeat")),
      iopub: sender(subscriber),
    };
    beat = async () => {
      await heartbeat.send("still there?");
      assert.equal(String((await heartbeat.receive())[0]), "still there?");
    };
    await kernel.execute(
      "let kept = 42; import { registerCommTarget } from 'convoscope'; registerCommTarget('target', () => {})",
    );
    count = 1;
  };
  before(start);
  after(() => kernel.close());

  /** Resolves when all that was sent by the other client was taken, and what it started has ended. */
  const settled = async (): Promise<void> => {
    const requests = (["shell", "control"] as const).map((channel) => {
      const header = makeHeader("execute_request", "fuzz");
      const content = { code: "", silent: true, store_history: false };
      const request = { identities: [], header, parentHeader: {}, metadata: {}, content, buffers: [] };
      const exchange = kernel.await(request);
      void send[channel](encode(request, key));
      return exchange;
    });
    await Promise.all(requests.map((exchange) => kernel.until(() => exchange.idle)));
    requests.forEach(({ request }) => kernel.forget(request));
  };

  /** The kernel is the one that it was. `stored` are the numbers of the cells that it has counted since. */
  const check = async (stored: number[] = []): Promise<void> => {
    assert.ok(kernel.alive, `the kernel has ended: ${kernel.stderr}`);
    for (const channel of ["shell", "control"] as const)
      assert.equal((await kernel.ask("kernel_info_request", {}, { channel })).status, "ok");
    assert.equal((await kernel.ask("usage_request", {}, { channel: "control" })).pid, kernel.process.pid);
    await beat();
    assert.deepEqual(
      stored.sort((a, b) => a - b),
      stored.map((_, i) => count + 1 + i),
    );
    const { reply, published } = await kernel.execute("kept");
    assert.equal(reply?.content.status, "ok", JSON.stringify(reply?.content));
    const result = published.find(({ header }) => header.msg_type === "execute_result")?.content;
    assert.deepEqual(result, {
      data: { "text/plain": "42" },
      metadata: {},
      execution_count: (count += stored.length + 1),
    });
    if (kernel.invalid.length > 0) throw kernel.invalid[0];
  };

  it("lives on, keeps what it has, and counts only cells", async () => {
    await fc.assert(
      fc
        .asyncProperty(fc.array(shot, { minLength: 1, maxLength: 20 }), async (shots) => {
          const exchanges = shots.flatMap(({ channel, frames, message, broken = false }) => {
            const exchange = message && kernel.await(message);
            void send[channel](frames);
            return exchange ? { exchange, broken } : [];
          });
          await settled();
          const stored = exchanges.flatMap(({ exchange: { request, published }, broken }) => {
            kernel.forget(request);
            if (broken) assert.deepEqual(published, []);
            const inputs = published.filter(({ header }) => header.msg_type === "execute_input");
            return request.content.store_history === false
              ? []
              : inputs.map(({ content }) => content.execution_count as number);
          });
          await check(stored);
        })
        .beforeEach(async () => {
          if (!kernel.alive) await start();
        }),
      { numRuns, seed, endOnFailure: true },
    );
  });

  it("lives on when something else than ZeroMQ calls, and leaves in the middle", async () => {
    const bytes = [
      Buffer.from("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"),
      Buffer.alloc(100_000, 255),
      Buffer.from([255, 0, 0, 0, 0, 0, 0, 0, 1, 127, 3]),
      Buffer.alloc(0),
    ];
    for (const channel of channels) {
      for (const each of bytes) {
        const { port, hostname } = new URL(addressOf(kernel.info, channel));
        const socket = connect(Number(port), hostname);
        socket.on("error", () => undefined);
        await once(socket, "connect");
        socket.write(each);
        await new Promise((resolve) => setTimeout(resolve, 5));
        socket.destroy();
      }
    }
    await check();
  });

  it("lives on when JSON is nested deeper than anybody writes it", async () => {
    const deep = Buffer.from(`{"code":"1","data":${"[".repeat(30_000)}${"]".repeat(30_000)}}`);
    for (const at of [0, 1, 2, 3]) {
      for (const type of ["execute_request", "comm_open", "complete_request"]) {
        const content = { code: "1", silent: true, comm_id: "deep", target_name: "target", data: {} };
        const parts = jsonParts({
          identities: [],
          header: makeHeader(type, "fuzz"),
          parentHeader: {},
          metadata: {},
          content,
          buffers: [],
        });
        const part = Buffer.from(
          `${String(Buffer.from(parts[at]!)).slice(0, -1)}${at === 1 ? "" : ","}${String(deep).slice(1)}`,
        );
        void send.shell(signed(parts.with(at, part)));
      }
    }
    await settled();
    await check();
  });
});
