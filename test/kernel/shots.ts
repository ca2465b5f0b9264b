import { createHmac } from "node:crypto";

import fc from "fast-check";

import { handlers } from "../../src/kernel/core/handlers.ts";
import { channels, type Channel } from "../../src/kernel/transport/connectionInfo.ts";
import { encode, makeHeader, type Message } from "../../src/kernel/transport/message.ts";

/** One thing that is sent to a socket. */
interface Shot {
  channel: Channel;
  frames: Uint8Array[];
  /** The message that it is, or was before it was broken. */
  message?: Message;
  broken?: boolean;
}

/** What the kernel and its honest clients sign with. */
export const key = "the key of this test";

const nested = JSON.parse("[".repeat(500) + "]".repeat(500)) as unknown;
const oddValues = [
  null,
  0,
  -1,
  1e308,
  true,
  "",
  "a",
  "\ud83d",
  [],
  {},
  [[]],
  { a: null },
  "x".repeat(1_000_000),
];
const value = fc.oneof(fc.constantFrom<unknown>(...oddValues), fc.jsonValue(), fc.constant(nested));
const id = fc.constantFrom<unknown>("comm-1", "comm-2", "nobody", 7, null, ["comm-1"]);

const fields: fc.Arbitrary<Record<string, unknown>> = fc
  .array(
    fc.tuple(
      fc.constantFrom(
        ...["silent", "store_history", "user_expressions", "allow_stdin", "stop_on_error", "cursor_pos"],
        ...["detail_level", "data", "hist_access_type", "session", "start", "stop", "n", "pattern", "raw"],
        ...["value", "output", "unique", "seq", "command", "__proto__", "constructor"],
      ),
      value,
    ),
    { maxLength: 5 },
  )
  .map((entries) => Object.fromEntries(entries));
const content = fc
  .record({
    fields,
    code: fc.oneof(
      fc.constantFrom(
        "1",
        "let mine = 2",
        "throw null",
        "throw Object.create(null)",
        "await null",
        "){",
        "console.log(1)",
      ),
      value,
    ),
    comm_id: id,
    subshell_id: id,
    target_name: fc.constantFrom<unknown>("target", "nobody", null, 5),
  })
  .map(({ fields, ...rest }) => ({ ...rest, ...fields }));
const types = [...handlers.keys()].filter((type) => type !== "shutdown_request");
const type = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...types) },
  { weight: 2, arbitrary: fc.constantFrom("execute_request", "comm_open", "comm_msg", "comm_close") },
  fc.constantFrom("input_reply", "status", "execute_reply", "__proto__", "frobnicate_request"),
  fc.string(),
);
const header = fc.oneof(
  { weight: 4, arbitrary: fc.constant({}) },
  fc.dictionary(
    fc.constantFrom("session", "username", "date", "version", "subshell_id", "extra", "__proto__"),
    value,
    { maxKeys: 4 },
  ),
);
const buffers = fc.oneof(
  { weight: 8, arbitrary: fc.array(fc.uint8Array({ maxLength: 1000 }), { maxLength: 4 }) },
  fc.constantFrom(
    [new Uint8Array(50_000_000)],
    Array.from({ length: 2000 }, () => new Uint8Array(1)),
  ),
);
const channel = fc.constantFrom<Channel>("shell", "control", "stdin");
const identities = fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { maxLength: 20 });

/** What is properly signed, and odd inside. */
const odd: fc.Arbitrary<Shot> = fc
  .record({
    channel,
    type,
    header,
    parentHeader: fc.oneof(fc.constant({}), fields),
    metadata: fields,
    content,
    buffers,
  })
  .map(({ channel, type, header, ...rest }) => {
    const message: Message = {
      ...rest,
      identities: [],
      header: { ...makeHeader(type, "fuzz"), ...(header as object) },
    };
    return { channel, frames: encode(message, key), message };
  });

/** Requests that would end the kernel, or change what is kept, if they were taken. */
const harmful = fc
  .tuple(
    fc.constantFrom<[string, Record<string, unknown>]>(
      ["execute_request", { code: "kept = 0" }],
      ["execute_request", { code: "process.exit(9)" }],
      ["shutdown_request", { restart: false }],
    ),
    buffers,
  )
  .map(([[type, content], buffers]): Message => ({
    ...{ identities: [], header: makeHeader(type, "fuzz"), parentHeader: {}, metadata: {}, content, buffers },
  }));

/** What makes a message none: the frames that are left of it. */
type Damage = (message: Message) => Uint8Array[];
const damage = fc.oneof(
  fc.constantFrom("", "another key").map(
    (wrong): Damage =>
      (message) =>
        encode(message, wrong),
  ),
  fc.nat(5).map(
    (count): Damage =>
      (message) =>
        encode(message, key).slice(0, count),
  ),
  fc.nat(5).map(
    (at): Damage =>
      (message) =>
        encode(message, key).toSpliced(at, 1),
  ),
  fc.tuple(fc.integer({ min: 1, max: 5 }), fc.uint8Array({ maxLength: 100 })).map(
    ([at, bytes]): Damage =>
      (message) =>
        encode(message, key).with(at, bytes),
  ),
  fc.tuple(fc.constantFrom(2, 5), value).map(
    ([at, part]): Damage =>
      (message) =>
        encode(message, key).with(at, json(part)),
  ),
  // Signed, but no message: not JSON, no object, or without what every header has.
  fc.tuple(fc.nat(3), fc.constantFrom("", "{", "[]", "null", "1", '"text"', "\xff")).map(
    ([at, text]): Damage =>
      (message) =>
        signed(jsonParts(message).with(at, Buffer.from(text, "latin1"))),
  ),
  fc.tuple(fc.constantFrom("msg_type", "msg_id"), fc.constantFrom(undefined, null, 5, ["a"], {})).map(
    ([name, value]): Damage =>
      (message) =>
        signed(jsonParts(message).with(0, json({ ...message.header, [name]: value }))),
  ),
);

/** What must be dropped. */
const broken: fc.Arbitrary<Shot> = fc
  .record({ channel, identities, message: harmful, damage })
  .map(({ channel, identities, message, damage }) => ({
    channel,
    frames: [...identities, ...damage(message)],
    message,
    broken: true,
  }));

/** The four parts of a message as bytes. */
export function jsonParts(message: Message): Uint8Array[] {
  return encode(message, "").slice(2, 6);
}

/** The frames of a message with these four parts, signed whatever they are. */
export function signed(parts: Uint8Array[]): Uint8Array[] {
  const signature = createHmac("sha256", key).update(Buffer.concat(parts)).digest("hex");
  return [Buffer.from("<IDS|MSG>"), Buffer.from(signature), ...parts];
}

function json(part: unknown): Buffer {
  return Buffer.from(JSON.stringify(part) ?? "undefined");
}

/** Frames of no meaning. */
const meaningless: fc.Arbitrary<Shot> = fc.record({
  channel: fc.constantFrom(...channels),
  frames: fc.oneof(
    { weight: 4, arbitrary: fc.array(fc.uint8Array({ maxLength: 100 }), { minLength: 1, maxLength: 300 }) },
    fc.constantFrom(
      [new Uint8Array(50_000_000)],
      [Buffer.alloc(0)],
      [Buffer.from("<IDS|MSG>")],
      // Subscriptions, and the end of one that never was.
      ...[[1], [1, 255, 254], [0], [0, 255], [2]].map((bytes) => [Buffer.from(bytes)]),
    ),
  ),
});

/** Anything that may be sent. */
export const shot = fc
  .oneof({ weight: 3, arbitrary: odd }, { weight: 2, arbitrary: broken }, meaningless)
  .map(described);

/** For the report of a failure, where 50 MB would not help. */
function described(shot: Shot): Shot {
  const frames = shot.frames.map((frame) => Buffer.from(frame.subarray(0, 300)).toString("latin1"));
  const text = `${shot.channel} ${shot.broken ? "broken " : ""}${JSON.stringify(frames.slice(0, 12))}`;
  return Object.assign(shot, { [fc.toStringMethod]: () => text });
}
