import assert from "node:assert/strict";
import fc from "fast-check";

import { decode, encode, makeHeader, type Message } from "../../../src/kernel/transport/message.ts";

const key = "a0436f6c-1916-498b-8eb9-e81ab9368e84";

function message(content: Record<string, unknown>, overrides: Partial<Message> = {}): Message {
  const header = makeHeader("execute_request", "session-1");
  return { identities: [], header, parentHeader: {}, metadata: {}, content, buffers: [], ...overrides };
}

function frameTexts(frames: Uint8Array[]): string[] {
  return frames.map((frame) => Buffer.from(frame).toString());
}

describe("message", () => {
  it("has the frames of the wire: identities, delimiter, signature, four of JSON, buffers", () => {
    const sent = message({ code: "1" }, { identities: [Buffer.from("peer")], buffers: [Buffer.from("raw")] });
    const texts = frameTexts(encode(sent, key));
    assert.equal(texts.length, 8);
    assert.deepEqual([texts[0], texts[1], texts[7]], ["peer", "<IDS|MSG>", "raw"]);
    assert.match(texts[2]!, /^[0-9a-f]{64}$/);
    assert.deepEqual(JSON.parse(texts[6]!), { code: "1" });
  });

  it("has pictures as the base64 that they are given as, among anything else", () => {
    const picture = Buffer.from("iVBORw0KGgo=");
    const data = { "image/png": picture, "text/plain": "é \ud800", "image/jpeg": Buffer.from("/9j/") };
    const [, , , , , content] = frameTexts(encode(message({ data, metadata: { "image/png": {} } }), key));
    assert.deepEqual(JSON.parse(content!), {
      data: { "image/png": "iVBORw0KGgo=", "text/plain": "é \ufffd", "image/jpeg": "/9j/" },
      metadata: { "image/png": {} },
    });
  });

  it("is signed as jupyter_client signs: HMAC-SHA256 of the four JSON frames, buffers left out", () => {
    const json = ['{"msg_id": "1", "msg_type": "t"}', "{}", "{}", '{"a": 1}'];
    // Session(key=b"key").sign(...) of jupyter_client 8 for these four frames.
    const signature = "2432aaffd93ebbae531ed990a5ae9ed4a7cd939fb1509eb4a624f0e407582a01";
    const frames = ["<IDS|MSG>", signature, ...json, "a buffer"].map((text) => Buffer.from(text));
    assert.deepEqual(decode(frames, "key")?.content, { a: 1 });
  });

  it("comes back as it was sent", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.array(fc.uint8Array()),
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 4 })),
        (content, buffers, identities) => {
          const sent = message(content, { buffers, identities });
          const received = decode(encode(sent, key), key);
          assert.ok(received);
          assert.deepEqual(received.content, JSON.parse(JSON.stringify(content)));
          assert.deepEqual(received.header, sent.header);
          assert.deepEqual(
            received.buffers.map((buffer) => [...buffer]),
            buffers.map((buffer) => [...buffer]),
          );
          assert.equal(received.identities.length, identities.length);
        },
      ),
      { numRuns: 50 },
    );
  });

  it("is dropped when any bit of what is signed was changed", () => {
    fc.assert(
      fc.property(fc.nat(4), fc.nat(), fc.integer({ min: 1, max: 255 }), (part, at, mask) => {
        const frames = encode(message({ code: "1+1" }), key).map((frame) => Buffer.from(frame));
        const frame = frames[1 + part]!;
        frame[at % frame.length]! ^= mask;
        assert.equal(decode(frames, key), undefined);
      }),
      { numRuns: 100 },
    );
  });

  it("is dropped when it is signed with another key, or not at all", () => {
    const sent = message({});
    assert.equal(decode(encode(sent, "other"), key), undefined);
    assert.equal(decode(encode(sent, ""), key), undefined);
    assert.notEqual(decode(encode(sent, ""), ""), undefined);
  });

  it("is dropped when it is no message", () => {
    const cut = encode(message({}), "").slice(0, 4);
    const noJson = encode(message({}), "");
    noJson[5] = Buffer.from("{");
    const noObject = encode(message({}), "");
    noObject[5] = Buffer.from("[1]");
    const noType = encode(message({}), "");
    noType[2] = Buffer.from('{"msg_id": "1"}');
    for (const frames of [[], [Buffer.from("x")], cut, noJson, noObject, noType]) {
      assert.equal(decode(frames, ""), undefined);
    }
  });

  it("holds only JSON that every reader accepts", () => {
    const content = {
      nan: NaN,
      infinite: -Infinity,
      gone: undefined,
      half: "a\ud800b",
      whole: "😀",
      text: "\\ud800",
    };
    const received = decode(encode(message(content), key), key);
    assert.deepEqual(received?.content, {
      nan: null,
      infinite: null,
      half: "a\ufffdb",
      whole: "😀",
      text: "\\ud800",
    });
  });

  it("gets a header with a fresh id, the sender's session, a date in UTC and the protocol's version", () => {
    const [a, b] = [makeHeader("status", "s"), makeHeader("status", "s", { username: "me" })];
    assert.notEqual(a.msg_id, b.msg_id);
    assert.deepEqual([a.session, a.msg_type, a.version, b.username], ["s", "status", "5.5", "me"]);
    assert.match(a.date, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$/);
  });
});
