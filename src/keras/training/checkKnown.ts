import { InputError } from "../../errors.ts";
import { nearestName } from "../../nearestName.ts";

/** Refuses options that there are not: a misspelt one, or one in Python's spelling, would do nothing and say so to nobody. */
export function checkKnown(who: string, options: object, known: readonly string[]): void {
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const plain = (name: string) => name.replaceAll("_", "").toLowerCase();
  const near = known.find((name) => plain(name) === plain(unknown)) ?? nearestName(unknown, known);
  const fix = near === undefined ? `there are ${known.toSorted().join(", ")}` : `did you mean ${near}?`;
  throw new InputError({ who, expected: "known options", found: unknown, fix });
}
