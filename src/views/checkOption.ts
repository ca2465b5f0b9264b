import { InputError } from "../errors.ts";

/** @throws InputError unless a number is a whole one from `least` to `most` */
export function checkWhole(who: string, option: string, value: number, least = 1, most = Infinity): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  const range = most === Infinity ? `, ${least} or more` : ` from ${least} to ${most}`;
  throw new InputError({ who, expected: `${option}: a whole number${range}`, found: String(value) });
}

/** @throws InputError unless a number is above 0 (or with `least`, not below that) */
export function checkNumber(who: string, option: string, value: number, least?: number): void {
  if (Number.isFinite(value) && (least === undefined ? value > 0 : value >= least)) return;
  const expected = `${option}: a number ${least === undefined ? "above 0" : `not below ${least}`}`;
  throw new InputError({ who, expected, found: String(value) });
}

/** @throws InputError unless a word is one of those that there are */
export function checkWord(who: string, option: string, value: string, words: readonly string[]): void {
  if (words.includes(value)) return;
  const expected = `${option}: one of ${words.join(", ")}`;
  throw new InputError({ who, expected, found: JSON.stringify(value) });
}
