import { InputError } from "../../errors.ts";

/** Refuses what is no whole number from `least` (1). */
export function checkCount(who: string, name: string, count: unknown, least = 1): void {
  if (Number.isInteger(count) && (count as number) >= least) return;
  throw new InputError({ who, expected: `${name} of at least ${least}`, found: String(count) });
}
