import { InputError } from "../errors.ts";

/** @throws InputError unless a number is a whole one, not below `least` */
export function checkWhole(who: string, option: string, value: number, least = 1): void {
  if (Number.isInteger(value) && value >= least) return;
  throw new InputError({
    who,
    expected: `${option}: a whole number, ${least} or more`,
    found: String(value),
  });
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
  throw new InputError({
    who,
    expected: `${option}: one of ${words.join(", ")}`,
    found: JSON.stringify(value),
  });
}
