import { readFile } from "node:fs/promises";
import { resolve } from "node:path";

import { InputError } from "../../../errors.ts";
import type { Magic } from "./magic.ts";

/** Puts the text of a file in the place of the cell. */
export const load: Magic = {
  usage: "%load FILE",
  help: "puts a file's text into the cell",
  async run({ argument, directory, ask }) {
    if (argument === "") throw new InputError({ who: "%load", expected: "a file", found: "nothing" });
    const file = resolve(directory, argument);
    try {
      ask({ source: "set_next_input", text: await readFile(file, "utf8"), replace: true });
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      const found = code === "ENOENT" ? "none" : String(code);
      throw new InputError({ who: "%load", expected: `a file ${file}`, found });
    }
  },
};
