import { readFileSync } from "node:fs";
import { join } from "node:path";

import { InputError } from "../../../errors.ts";
import type { MagicLine } from "../magics/parseCell.ts";

/** What becomes of type errors: shown under the cell, shown instead of running it, or not looked for. */
export const policies = ["warn", "error", "off"] as const;
export type Policy = (typeof policies)[number];

/** What the `%ts` among the magics of a cell sets for the session; undefined when there is none, or a wrong one. */
export function policyIn(magics: readonly MagicLine[]): Policy | undefined {
  const magic = magics.findLast(({ name }) => name === "ts");
  return policies.find((policy) => policy === magic?.argument);
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
  const policy = value === undefined ? "warn" : policies.find((each) => each === value);
  if (policy !== undefined) return policy;
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
