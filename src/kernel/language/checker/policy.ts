import { readFileSync } from "node:fs";
import { join } from "node:path";

import { InputError } from "../../../errors.ts";

/** What becomes of type errors: shown under the cell, shown instead of running it, or not looked for. */
export type Policy = "warn" | "error" | "off";

const policies: readonly unknown[] = ["warn", "error", "off"] satisfies Policy[];

export function isPolicy(value: unknown): value is Policy {
  return policies.includes(value);
}

/**
 * The policy for a cell: `// @ts-nocheck` in the comments that it begins with turns the check off, `// @ts-check` turns it on
 * where the session has it off.
 */
export function policyOf(code: string, session: Policy): Policy {
  const [comments] = /^(?:\s|\/\/.*|\/\*[^]*?\*\/)*/.exec(code)!;
  const directive = [...comments.matchAll(/^\s*\/\/\/?\s*@ts-(nocheck|check)\b/gm)].at(-1)?.[1];
  if (directive === "nocheck") return "off";
  return directive === "check" && session === "off" ? "warn" : session;
}

/**
 * What the package.json of a directory says, as in `{ "convoscope": { "ts": "error" } }`. Default `warn`.
 *
 * @throws InputError when it says something else, or is not JSON
 */
export function readPolicy(directory: string): Policy {
  const file = join(directory, "package.json");
  const value = readSetting(file);
  if (value === undefined) return "warn";
  if (isPolicy(value)) return value;
  throw new InputError({
    who: file,
    expected: '"warn", "error" or "off" as convoscope.ts',
    found: JSON.stringify(value),
  });
}

function readSetting(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
  try {
    const content = JSON.parse(text) as { convoscope?: { ts?: unknown } } | null;
    return content?.convoscope?.ts;
  } catch (cause) {
    throw new InputError({ who: file, expected: "JSON", found: (cause as Error).message, cause });
  }
}
