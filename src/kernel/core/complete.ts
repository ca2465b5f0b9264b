import { textOf } from "./content.ts";
import { toCodePoints, toUtf16 } from "./cursor.ts";
import type { Kernel, Request } from "./kernel.ts";
import type { JsonObject } from "./transport.ts";

/** How long a question about the session waits for a cell that is about to end, in milliseconds. */
const grace = 60;

/** What may stand at the cursor. */
export async function complete(kernel: Kernel, { content, lane }: Request): Promise<JsonObject> {
  const code = textOf(content.code);
  const offset = toUtf16(code, content.cursor_pos);
  await lane.idle(grace);
  const { start, end, matches } = await kernel.interpreter.complete(code, offset);
  const [cursorStart, cursorEnd] = [toCodePoints(code, start), toCodePoints(code, end)];
  return {
    status: "ok",
    matches: matches.map(({ text }) => text),
    cursor_start: cursorStart,
    cursor_end: cursorEnd,
    metadata: {
      // Read by JupyterLab, which shows an icon for the type and the signature beside the name.
      _jupyter_types_experimental: matches.map((match) => ({ start: cursorStart, end: cursorEnd, ...match })),
    },
  };
}

/** What is known of the name at the cursor. */
export async function inspect(kernel: Kernel, { content, lane }: Request): Promise<JsonObject> {
  const code = textOf(content.code);
  const offset = toUtf16(code, content.cursor_pos);
  await lane.idle(grace);
  const found = await kernel.interpreter.inspect(code, offset, content.detail_level === 1 ? 1 : 0);
  if (found === undefined) return { status: "ok", found: false, data: {}, metadata: {} };
  // Terminals know no markdown.
  const plain = textOf(found.data["text/markdown"]);
  return {
    status: "ok",
    found: true,
    data: { "text/plain": plain, ...found.data },
    metadata: found.metadata,
  };
}
