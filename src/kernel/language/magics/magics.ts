import { InputError } from "../../../errors.ts";
import { help } from "./help.ts";
import { load } from "./load.ts";
import type { Magic, MagicContext } from "./magic.ts";
import type { MagicLine } from "./parseCell.ts";
import { reset } from "./reset.ts";
import { shell } from "./shell.ts";
import { time } from "./time.ts";
import { timeit } from "./timeit.ts";
import { ts } from "./ts.ts";
import { who } from "./who.ts";

const lsmagic: Magic = {
  usage: "%lsmagic",
  help: "this list",
  run: () => void process.stdout.write(listOfMagics()),
};

/** All magics, by the name that {@link MagicLine} has for them. */
export const magics: Record<string, Magic> = {
  ts,
  time,
  timeit,
  who,
  reset,
  load,
  lsmagic,
  "!": shell,
  "?": help,
  "??": help,
};

export function isMagic({ name }: MagicLine): boolean {
  return Object.hasOwn(magics, name);
}

/** Says in a line that there is no such magic, and which there are. */
export function unknownMagic({ name }: MagicLine): string {
  const known = Object.keys(magics).filter((each) => /\w/.test(each));
  return `unknown magic %${name}; there are ${known.map((each) => `%${each}`).join(", ")}, !command and name?`;
}

export async function runMagic(context: MagicContext): Promise<unknown> {
  const magic = magics[context.name]!;
  try {
    if (takesNothing(magic) && !/^(-f)?$/.test(context.argument))
      throw new InputError({ who: magic.usage, expected: "nothing behind it", found: context.argument });
    return await magic.run(context);
  } catch (error) {
    // A line says it all: there is no call to look for.
    if (error instanceof InputError) error.stack = `${error.name}: ${error.message}`;
    throw error;
  }
}

/** `-f`, by which other kernels are told not to ask back, is let pass. */
function takesNothing({ usage }: Magic): boolean {
  return /^%\w+$/.test(usage);
}

function listOfMagics(): string {
  const distinct = [...new Set(Object.values(magics))];
  const width = Math.max(...distinct.map(({ usage }) => usage.length));
  return distinct.map((each) => `${each.usage.padEnd(width)}  ${each.help}\n`).join("");
}
