import { readdir } from "node:fs/promises";
import { resolve } from "node:path";

import type { MimeBundle } from "../../../jupyter/mimeBundle.ts";
import type { Completion, CompletionMatch } from "../../core/interpreter.ts";
import { policies } from "../checker/policy.ts";
import type { MagicPlace } from "./magicAt.ts";
import { magics } from "./magics.ts";

type Word = Exclude<MagicPlace, { part: "expression" }>;

/** What may stand in a magic at the end of a word: names of magics, what `%ts` takes, and files. */
export async function completeMagic(place: Word, offset: number, directory: string): Promise<Completion> {
  if (place.part === "name") {
    const typed = `%${place.name}`.slice(0, offset - place.start);
    return { start: place.start, end: offset, matches: matching(magicNames, typed, "magic") };
  }
  const { name, start, typed } = place;
  if (name === "ts") return { start, end: offset, matches: matching(policies, typed, "keyword") };
  // What a shell knows besides files is not asked here.
  if (name !== "load" && name !== "!") return { start: offset, end: offset, matches: [] };
  const last = typed.slice(typed.lastIndexOf("/") + 1);
  const files = await filesIn(resolve(directory, typed.slice(0, typed.length - last.length)));
  return { start: offset - last.length, end: offset, matches: matching(files, last, "path") };
}

/** What a magic does, for who asks by its name. */
export function describeMagic(name: string): MimeBundle | undefined {
  const magic = Object.hasOwn(magics, name) ? magics[name] : undefined;
  if (magic === undefined) return undefined;
  const text = `${magic.usage}\n\n${magic.help}`;
  return {
    data: { "text/markdown": `\`${magic.usage}\`\n\n${magic.help}`, "text/plain": text },
    metadata: {},
  };
}

const magicNames = Object.keys(magics)
  .filter((name) => /\w/.test(name))
  .map((name) => `%${name}`);

function matching(names: readonly string[], typed: string, type: string): CompletionMatch[] {
  return names.filter((name) => name.startsWith(typed)).map((text) => ({ text, type, signature: "" }));
}

/** What lies in a directory, directories with a stroke behind them; nothing where it cannot be read. */
async function filesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  return entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name)).sort();
}
