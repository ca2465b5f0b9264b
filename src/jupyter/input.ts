import { InputError } from "../errors.ts";
import { currentHost, type InputOptions } from "./host.ts";

/**
 * Asks the user for a line: in a box under the cell, or in the terminal. Other things go on meanwhile.
 *
 * ```ts
 * const name = await input("Your name? ");
 * const key = await input("API key: ", { password: true });
 * ```
 *
 * @param prompt what is asked. Default: nothing
 * @param options `password`: does not show what is typed. Default false
 * @throws InputError where nobody can be asked: in tslab, at the end of a script's input. In a headless run the kernel's own error
 */
export async function input(prompt = "", { password = false }: InputOptions = {}): Promise<string> {
  const host = currentHost();
  if (host.input === undefined) throw cannotAsk("input");
  return host.input(prompt, { password });
}

/** The same while everything waits, for the functions that browsers have: `prompt` and `confirm`. */
export function inputSync(who: string, prompt: string, { password = false }: InputOptions = {}): string {
  const host = currentHost();
  if (host.inputSync === undefined) throw cannotAsk(who);
  return host.inputSync(prompt, { password });
}

function cannotAsk(who: string): InputError {
  return new InputError({
    who,
    expected: "a notebook or a terminal where the user can be asked",
    found: currentHost().name ?? "this notebook",
  });
}
