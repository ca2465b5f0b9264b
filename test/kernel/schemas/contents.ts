/** A JSON schema, as far as the messages need it. */
export type Schema = Record<string, unknown>;

const text = { type: "string" };
const texts = { type: "array", items: text };
const id = { type: "string", minLength: 1 };
const count = { type: "integer", minimum: 0 };
const number = { type: "number", minimum: 0 };
const flag = { type: "boolean" };
const anyObject = { type: "object" };

/** An object with exactly these fields; those whose name ends in `?` may be absent. */
export function object(fields: Record<string, Schema>): Schema {
  const names = Object.keys(fields);
  return {
    type: "object",
    required: names.filter((name) => !name.endsWith("?")),
    properties: Object.fromEntries(names.map((name) => [name.replace(/\?$/, ""), fields[name]])),
    additionalProperties: false,
  };
}

/** Representations by MIME type: pictures and text as strings, JSON as it is. */
const mimeData = {
  type: "object",
  propertyNames: { pattern: "^[\\w.+-]+/[\\w.+;= -]+$" },
  patternProperties: { "^(text|image)/(?!.*json)": text },
};
const plainData = { ...mimeData, required: ["text/plain"] };
const failure = { ename: text, evalue: text, traceback: texts };
const failed = object({ status: { const: "error" }, ...failure });

/** What a reply holds when all is well; every request may fail instead. */
function reply(fields: Record<string, Schema>): Schema {
  return { anyOf: [object({ status: { const: "ok" }, ...fields }), failed] };
}

const executed = {
  execution_count: count,
  user_expressions: {
    type: "object",
    additionalProperties: reply({ data: mimeData, metadata: anyObject }),
  },
  payload: {
    type: "array",
    items: {
      anyOf: [
        object({ source: { const: "page" }, data: plainData, start: count }),
        object({ source: { const: "set_next_input" }, text, replace: flag }),
      ],
    },
  },
};

const completion = { start: count, end: count, text, type: text, signature: text };

const shutdown = object({ status: { const: "ok" }, restart: flag });

/** The content of every type of message that a kernel sends, by the messaging protocol 5.5 and ipykernel where that is silent. */
export const contents: Record<string, Schema> = {
  status: object({ execution_state: { enum: ["starting", "busy", "idle"] } }),
  stream: object({ name: { enum: ["stdout", "stderr"] }, text: { type: "string", minLength: 1 } }),
  display_data: object({ data: mimeData, metadata: anyObject, transient: object({ "display_id?": id }) }),
  update_display_data: object({ data: mimeData, metadata: anyObject, transient: object({ display_id: id }) }),
  execute_input: object({ code: text, execution_count: count }),
  execute_result: object({ data: mimeData, metadata: anyObject, execution_count: count }),
  error: object(failure),
  clear_output: object({ wait: flag }),
  comm_open: object({ comm_id: id, target_name: text, data: anyObject }),
  comm_msg: object({ comm_id: id, data: anyObject }),
  comm_close: object({ comm_id: id, data: anyObject }),
  iopub_welcome: object({ subscription: text }),
  input_request: object({ prompt: text, password: flag }),

  execute_reply: {
    anyOf: [
      object({ status: { const: "ok" }, ...executed }),
      object({ status: { const: "error" }, ...failure, ...executed }),
      object({ status: { const: "aborted" } }),
      failed,
    ],
  },
  kernel_info_reply: reply({
    protocol_version: { const: "5.5" },
    implementation: id,
    implementation_version: id,
    language_info: object({
      name: id,
      version: id,
      mimetype: id,
      file_extension: { type: "string", pattern: "^\\." },
      pygments_lexer: id,
      codemirror_mode: id,
      nbconvert_exporter: id,
    }),
    banner: text,
    help_links: {
      type: "array",
      items: object({ text: id, url: { type: "string", pattern: "^https?://" } }),
    },
    supported_features: texts,
    debugger: flag,
  }),
  is_complete_reply: {
    anyOf: [
      object({ status: { enum: ["complete", "invalid", "unknown"] } }),
      object({ status: { const: "incomplete" }, indent: text }),
      failed,
    ],
  },
  complete_reply: reply({
    matches: texts,
    cursor_start: count,
    cursor_end: count,
    metadata: object({ _jupyter_types_experimental: { type: "array", items: object(completion) } }),
  }),
  inspect_reply: {
    anyOf: [
      object({ status: { const: "ok" }, found: { const: true }, data: plainData, metadata: anyObject }),
      object({
        status: { const: "ok" },
        found: { const: false },
        data: object({}),
        metadata: object({}),
      }),
      failed,
    ],
  },
  history_reply: reply({
    history: {
      type: "array",
      items: {
        type: "array",
        minItems: 3,
        maxItems: 3,
        items: [
          { type: "integer", minimum: 1 },
          { type: "integer", minimum: 1 },
          {
            anyOf: [
              text,
              { type: "array", minItems: 2, maxItems: 2, items: [text, { type: ["string", "null"] }] },
            ],
          },
        ],
      },
    },
  }),
  comm_info_reply: reply({
    comms: { type: "object", additionalProperties: object({ target_name: text }) },
  }),
  connect_reply: reply({
    "shell_port?": count,
    "control_port?": count,
    "stdin_port?": count,
    "iopub_port?": count,
    "hb_port?": count,
  }),
  usage_reply: reply({
    hostname: id,
    pid: count,
    kernel_cpu: number,
    kernel_memory: number,
    cpu_count: count,
    host_cpu_percent: number,
    host_virtual_memory: object({
      total: count,
      available: count,
      percent: number,
      used: count,
      free: count,
    }),
  }),
  create_subshell_reply: reply({ subshell_id: id }),
  delete_subshell_reply: reply({}),
  list_subshell_reply: reply({ subshell_id: texts }),
  interrupt_reply: reply({}),
  shutdown_reply: { anyOf: [shutdown, failed] },
  debug_reply: {
    anyOf: [
      object({
        type: { const: "response" },
        seq: { type: "integer" },
        request_seq: { type: "number" },
        command: text,
        success: flag,
        "message?": text,
        body: anyObject,
      }),
      failed,
    ],
  },
};
