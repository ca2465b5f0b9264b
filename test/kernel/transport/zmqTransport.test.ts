import assert from "node:assert/strict";

import { Dealer } from "zeromq";

import { addressOf, type ConnectionInfo } from "../../../src/kernel/transport/connectionInfo.ts";
import { decode, makeHeader, type Message } from "../../../src/kernel/transport/message.ts";
import { ZmqTransport } from "../../../src/kernel/transport/zmqTransport.ts";
import { freeConnection } from "../../../src/notebook/freeConnection.ts";

describe("ZmqTransport, asking a front end that connects its socket for questions late", () => {
  let info: ConnectionInfo;
  let transport: ZmqTransport;

  beforeEach(async () => {
    info = await freeConnection();
    transport = new ZmqTransport(info, { session: "session" });
    await transport.bind();
    transport.send("stdin", question("late"));
    // By now the question would be lost.
    await transport.sync();
  });

  it("keeps the question for it", async () => {
    const dealer = new Dealer({ routingId: "late", linger: 0, receiveTimeout: 5000 });
    dealer.connect(addressOf(info, "stdin"));
    try {
      assert.deepEqual(decode(await dealer.receive(), info.key)?.content, { prompt: "name? " });
    } finally {
      dealer.close();
      await transport.close();
    }
  });

  it("closes without it", () => transport.close());
});

function question(identity: string): Message {
  return {
    identities: [Buffer.from(identity)],
    header: makeHeader("input_request", "session"),
    parentHeader: {},
    metadata: {},
    content: { prompt: "name? " },
    buffers: [],
  };
}
