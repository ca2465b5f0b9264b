import assert from "node:assert/strict";
import { openComm, receiveComm, registerCommTarget, type Comm } from "../../src/jupyter/comm.ts";
import { setHost } from "../../src/jupyter/host.ts";
import { recordingHost } from "./support.ts";

const symbol = Symbol.for("convoscope.comms");
const openComms = (): number =>
  (globalThis as never as Record<symbol, { comms: Map<string, unknown> }>)[symbol]!.comms.size;

describe("a comm opened here", () => {
  afterEach(() => setHost(undefined));

  it("tells the other end what it opens, sends and closes", () => {
    const { sent } = recordingHost();
    const comm = openComm("clock", {
      data: { a: 1 },
      metadata: { version: "2" },
      buffers: [new ArrayBuffer(2)],
    });
    comm.send({ b: 2 });
    comm.close({ c: 3 });
    const { id } = comm;
    assert.deepEqual(sent, [
      {
        type: "comm_open",
        id,
        target: "clock",
        data: { a: 1 },
        metadata: { version: "2" },
        buffers: [new Uint8Array(2)],
      },
      { type: "comm_msg", id, data: { b: 2 }, metadata: {}, buffers: [] },
      { type: "comm_close", id, data: { c: 3 }, metadata: {}, buffers: [] },
    ]);
  });

  it("sends exactly the bytes of buffers of any kind", () => {
    const { sent } = recordingHost();
    const bytes = Uint8Array.of(1, 2, 3, 4);
    const comm = openComm("clock");
    comm.send(
      {},
      { buffers: [bytes.subarray(1, 3), new DataView(bytes.buffer, 3), Float32Array.of(1), bytes.buffer] },
    );
    assert.deepEqual(sent[1]?.buffers, [
      Uint8Array.of(2, 3),
      Uint8Array.of(4),
      Uint8Array.of(0, 0, 128, 63),
      bytes,
    ]);
    comm.close();
  });

  it("hears what the other end sends, until the listener is removed", async () => {
    recordingHost();
    const comm = openComm("clock");
    const heard: unknown[] = [];
    const remove = comm.onMessage(async (message) => {
      await Promise.resolve();
      heard.push(message);
    });
    await receiveComm({ type: "comm_msg", id: comm.id, data: { x: 1 }, buffers: [Uint8Array.of(7)] });
    remove();
    await receiveComm({ type: "comm_msg", id: comm.id, data: { x: 2 } });
    assert.deepEqual(heard, [{ data: { x: 1 }, metadata: {}, buffers: [Uint8Array.of(7)] }]);
    comm.close();
  });

  it("is closed by the other end", async () => {
    const { sent } = recordingHost();
    const comm = openComm("clock");
    const reasons: unknown[] = [];
    comm.onClose(({ data }) => void reasons.push(data));
    assert.equal(comm.closed, false);
    await receiveComm({ type: "comm_close", id: comm.id, data: { why: "gone" } });
    assert.equal(comm.closed, true);
    assert.deepEqual(reasons, [{ why: "gone" }]);
    assert.throws(
      () => comm.send({}),
      /^InputError: send: expected an open comm, found a closed one of clock$/,
    );
    comm.close();
    assert.deepEqual(
      sent.map(({ type }) => type),
      ["comm_open"],
    );
  });

  it("hands on the errors of listeners, after all have heard", async () => {
    recordingHost();
    const comm = openComm("clock");
    const heard: string[] = [];
    comm.onMessage(() => {
      throw new Error("first");
    });
    comm.onMessage(() => void heard.push("second"));
    const message = { type: "comm_msg", id: comm.id, data: {} } as const;
    await assert.rejects(receiveComm(message), /^Error: first$/);
    comm.onMessage(() => Promise.reject(new Error("third")));
    await assert.rejects(receiveComm(message), AggregateError);
    assert.deepEqual(heard, ["second", "second"]);
    comm.close();
  });

  it("leaves nothing behind, however many there were", async () => {
    recordingHost();
    const before = openComms();
    for (let i = 0; i < 100; i++) {
      const comm = openComm("clock");
      comm.onMessage(() => undefined);
      if (i % 2 === 0) comm.close();
      else await receiveComm({ type: "comm_close", id: comm.id, data: {} });
    }
    assert.equal(openComms(), before);
  });

  it("is heard by another copy of this package, which may be the one that the kernel has loaded", async () => {
    recordingHost();
    const copy = "../../src/jupyter/comm.ts?copy";
    const other = (await import(copy)) as { receiveComm: typeof receiveComm };
    assert.notEqual(other.receiveComm, receiveComm);
    const comm = openComm("clock");
    const heard: unknown[] = [];
    comm.onMessage(({ data }) => void heard.push(data));
    await other.receiveComm({ type: "comm_msg", id: comm.id, data: { x: 1 } });
    await other.receiveComm({ type: "comm_close", id: comm.id, data: {} });
    assert.deepEqual(heard, [{ x: 1 }]);
    assert.equal(comm.closed, true);
  });

  it("needs a browser", () => {
    assert.throws(() => openComm("clock"), {
      name: "InputError",
      message: "openComm: expected a notebook whose kernel has comms, found a terminal",
    });
  });
});

describe("a comm opened by the browser", () => {
  afterEach(() => setHost(undefined));

  it("goes to the handler of its target, which can answer", async () => {
    const { sent } = recordingHost();
    const unregister = registerCommTarget("echo", (comm, { data }) => {
      comm.send({ opened: data });
      comm.onMessage(({ data: later }) => comm.send({ later }));
    });
    await receiveComm({ type: "comm_open", id: "e1", target: "echo", data: { a: 1 } });
    await receiveComm({ type: "comm_msg", id: "e1", data: { b: 2 } });
    await receiveComm({ type: "comm_close", id: "e1", data: {} });
    unregister();
    assert.deepEqual(
      sent.map(({ id, data }) => [id, data]),
      [
        ["e1", { opened: { a: 1 } }],
        ["e1", { later: { b: 2 } }],
      ],
    );
  });

  it("is closed when nobody has registered its target", async () => {
    const { sent } = recordingHost();
    registerCommTarget("gone", () => undefined)();
    await receiveComm({ type: "comm_open", id: "g1", target: "gone", data: {} });
    assert.deepEqual(sent, [{ type: "comm_close", id: "g1", data: {} }]);
  });

  it("is closed when its handler fails, and the error is handed on", async () => {
    const { sent } = recordingHost();
    let opened: Comm | undefined;
    const unregister = registerCommTarget("broken", async (comm) => {
      opened = comm;
      await Promise.reject(new Error("no"));
    });
    await assert.rejects(
      receiveComm({ type: "comm_open", id: "b1", target: "broken", data: {} }),
      /^Error: no$/,
    );
    unregister();
    assert.equal(opened?.closed, true);
    assert.deepEqual(
      sent.map(({ type }) => type),
      ["comm_close"],
    );
  });

  it("keeps the newest of two handlers", async () => {
    recordingHost();
    const called: string[] = [];
    const first = registerCommTarget("twice", () => void called.push("first"));
    const second = registerCommTarget("twice", () => void called.push("second"));
    first();
    await receiveComm({ type: "comm_open", id: "t1", target: "twice", data: {} });
    await receiveComm({ type: "comm_close", id: "t1", data: {} });
    second();
    assert.deepEqual(called, ["second"]);
  });

  it("is not there for a message that comes too late", async () => {
    const { sent } = recordingHost();
    await receiveComm({ type: "comm_msg", id: "late", data: {} });
    await receiveComm({ type: "comm_close", id: "late", data: {} });
    assert.deepEqual(sent, []);
  });
});
