import assert from "node:assert/strict";

import { Ajv, type ValidateFunction } from "ajv";

import { contents, object, type Schema } from "./contents.ts";

/** A message as it came over the wire, from the fake transport or from real sockets. */
export interface WireMessage {
  header: object;
  parentHeader: object;
  metadata: object;
  content: object;
  buffers: readonly Uint8Array[];
}

const id = { type: "string", minLength: 1 };
const date = {
  type: "string",
  pattern: "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)$",
};

/** The header of a request, as a client wrote it. */
const parentHeader = {
  type: "object",
  required: ["msg_id", "msg_type"],
  properties: { msg_id: id, msg_type: { type: "string" } },
};

function header(type: string): Schema {
  return object({
    msg_id: id,
    msg_type: { const: type },
    session: id,
    username: { type: "string" },
    date,
    version: { const: "5.5" },
  });
}

/** Replies say when they began; what is shown carries what its author says of it. */
function metadata(type: string): Schema {
  return type.endsWith("_reply") && type !== "shutdown_reply"
    ? object({ started: date, "status?": { type: "string" } })
    : { type: "object" };
}

const ajv = new Ajv({ allErrors: true, strictTuples: false });

const validators = new Map<string, ValidateFunction>(
  Object.entries(contents).map(([type, content]) => [
    type,
    ajv.compile({
      type: "object",
      required: ["header", "parentHeader", "metadata", "content", "buffers"],
      properties: {
        header: header(type),
        parentHeader: { anyOf: [{ type: "object", maxProperties: 0 }, parentHeader] },
        metadata: metadata(type),
        content,
        buffers: { type: "array", ...(!type.startsWith("comm_") && { maxItems: 0 }) },
      },
    }),
  ]),
);

/** Fails when a message of a kernel is not as the protocol says, or is of a type that no kernel sends. */
export function assertValid(message: WireMessage): void {
  const { msg_type: type } = message.header as { msg_type?: unknown };
  const validate = validators.get(String(type));
  assert.ok(validate, `a kernel sends no message of type ${JSON.stringify(type)}`);
  if (validate(message)) return;
  const { content, metadata } = message;
  assert.fail(
    `${String(type)} ${JSON.stringify({ content, metadata }).slice(0, 2000)}: ${ajv.errorsText(validate.errors)}`,
  );
}
