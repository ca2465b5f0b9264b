import { InputError } from "../../errors.ts";

/** Refuses what is no whole number from 1. */
export function checkCount(who: string, name: string, count: unknown): void {
  if (Number.isInteger(count) && (count as number) > 0) return;
  throw new InputError({ who, expected: `${name} of at least 1`, found: String(count) });
}
