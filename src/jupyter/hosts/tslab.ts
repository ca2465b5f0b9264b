import { realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { basename } from "node:path";
import type { Host } from "../host.ts";
import type { MimeData } from "../mimeBundle.ts";

/** The part of tslab's own API that is used: one entry of the page, by one type at a time. */
interface TslabDisplay {
  raw(type: string, content: string | Uint8Array): void;
}

interface Tslab {
  newDisplay(): TslabDisplay;
}

/** tslab shows one type of a bundle, so the richest that it can show is chosen. */
const ranks = ["text/html", "image/svg+xml", "image/png", "image/jpeg", "text/markdown", "text/plain"];

/** The host for tslab's kernel; undefined where that is not what runs us. */
export function tslabHost(): Host | undefined {
  const program = process.argv[1];
  if (program === undefined || basename(program) !== "tslab") return undefined;
  // The very copy that runs, not one that happens to be installed beside the notebook.
  const tslab = createRequire(realpathSync(program))("..") as Tslab;
  const shown = new Map<string, TslabDisplay>();
  return {
    name: "tslab",
    notebook: true,
    display({ data }, { displayId, update = false } = {}) {
      const earlier = update && displayId !== undefined ? shown.get(displayId) : undefined;
      const entry = earlier ?? tslab.newDisplay();
      if (displayId !== undefined) shown.set(displayId, entry);
      entry.raw(...richest(data));
    },
  };
}

function richest(data: MimeData): [type: string, content: string | Uint8Array] {
  const type = ranks.find((rank) => rank in data) ?? "text/plain";
  const content = String(data[type]);
  return [type, /^image\/(png|jpeg)$/.test(type) ? Buffer.from(content, "base64") : content];
}
