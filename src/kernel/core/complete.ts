import { textOf } from "./content.ts";
import { toCodePoints, toUtf16 } from "./cursor.ts";
import type { Kernel, Request } from "./kernel.ts";
import type { JsonObject } from "./transport.ts";

/** How long a question about the session waits for a cell that is about to end, in milliseconds. */
const grace = 60;

/** What may stand at the cursor. */
export async function complete(kernel: Kernel, request: Request): Promise<JsonObject> {
  const { code, offset } = await questionOf(request);
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
export async function inspect(kernel: Kernel, request: Request): Promise<JsonObject> {
  const { code, offset } = await questionOf(request);
  const detail = request.content.detail_level === 1 ? 1 : 0;
  const found = await kernel.interpreter.inspect(code, offset, detail);
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

/** What is asked about: some code and an offset in it, once a cell that is about to end can have declared its names. */
async function questionOf({ content, lane }: Request): Promise<{ code: string; offset: number }> {
  const code = textOf(content.code);
  await lane.idle(grace);
  return { code, offset: toUtf16(code, content.cursor_pos) };
}
