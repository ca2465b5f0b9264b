import type { Host, InputOptions } from "../host.ts";

/** The part of Deno's own API that is used. */
interface DenoJupyter {
  broadcast(
    type: string,
    content: Record<string, unknown>,
    extra?: { metadata?: Record<string, unknown>; buffers?: Uint8Array[] },
  ): Promise<void>;
}

type Prompt = (message: string, initial: string, options: InputOptions) => string | null;

/** The host for Deno's kernel; undefined where that is not what runs us. */
export function denoHost(): Host | undefined {
  const jupyter = denoJupyter();
  if (jupyter === undefined) return undefined;
  const ask = (prompt: string, options: InputOptions = {}): string =>
    (globalThis.prompt as Prompt)(prompt, "", options) ?? "";
  return {
    name: "Deno's kernel",
    notebook: true,
    display({ data, metadata }, { displayId, update = false } = {}) {
      const transient = displayId === undefined ? {} : { display_id: displayId };
      const type = update ? "update_display_data" : "display_data";
      return jupyter.broadcast(type, { data, metadata, transient });
    },
    clearOutput: ({ wait = false } = {}) => jupyter.broadcast("clear_output", { wait }),
    input: (prompt, options) => Promise.resolve(ask(prompt, options)),
    inputSync: ask,
    // Outwards only: Deno's kernel drops what comes back.
    sendComm({ type, id, target, data, metadata = {}, buffers = [] }) {
      const content = { comm_id: id, ...(target !== undefined && { target_name: target }), data };
      void jupyter.broadcast(type, content, { metadata, buffers });
    },
  };
}

function denoJupyter(): DenoJupyter | undefined {
  const { Deno } = globalThis as { Deno?: { jupyter?: DenoJupyter } };
  try {
    return typeof Deno?.jupyter?.broadcast === "function" ? Deno.jupyter : undefined;
  } catch {
    // In a script of Deno, outside of its kernel, the property throws.
    return undefined;
  }
}
