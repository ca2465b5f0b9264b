import { recordTable } from "../recordTable.ts";
import type { Kind } from "./kind.ts";

/** Arrays of plain objects, which are tables. */
export const records: Kind<object[]> = {
  is: (value): value is object[] =>
    Array.isArray(value) &&
    value.length > 0 &&
    value.every(isPlain) &&
    value.some((row: object) => Object.keys(row).length > 0),
  render: (rows) => ({ "text/html": recordTable(rows) }),
};

function isPlain(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
