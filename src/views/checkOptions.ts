import { InputError } from "../errors.ts";

/** @throws InputError when an option is none of the choices */
export function checkChoice(option: string, found: string, choices: readonly string[], who: string): void {
  if (choices.includes(found)) return;
  const expected = `${option}: one of ${choices.join(", ")}`;
  throw new InputError({ who, expected, found: JSON.stringify(found) });
}

/** @throws InputError when an option is not a whole number from 1 to `most` */
export function checkPositive(option: string, found: number, who: string, most = Infinity): void {
  if (Number.isInteger(found) && found >= 1 && found <= most) return;
  const expected = `${option}: a whole number ${most === Infinity ? "above 0" : `from 1 to ${most}`}`;
  throw new InputError({ who, expected, found: String(found) });
}
