import { integerOf } from "./content.ts";

/**
 * Jupyter counts code points, strings of JavaScript are counted in UTF-16 units, where an emoji is two. A cursor beyond an end is
 * at that end; one that is absent or no number is behind the last character.
 */
export function toUtf16(code: string, cursor: unknown): number {
  const wanted = integerOf(cursor);
  if (wanted === undefined) return code.length;
  let offset = 0;
  for (let points = 0; points < wanted && offset < code.length; points++) offset += unitsAt(code, offset);
  return offset;
}

/** The number of code points before an offset in UTF-16 units. */
export function toCodePoints(code: string, offset: number): number {
  let points = 0;
  for (let at = 0; at < offset && at < code.length; at += unitsAt(code, at)) points++;
  return points;
}

function unitsAt(code: string, offset: number): 1 | 2 {
  return (code.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
}
