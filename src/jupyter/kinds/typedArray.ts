import { inspect } from "node:util";
import type { Kind } from "./kind.ts";

type Numbers = ArrayLike<number | bigint> & { readonly constructor: { name: string } };

/** Longer ones show both ends. */
const maxLength = 100;
const shownAtStart = 10;
const shownAtEnd = 3;

/** Long arrays of numbers: `Float32Array(1000) [ 0, 0.5, …, 999 ]`. Short ones are printed whole, as any other value. */
export const typedArray: Kind<Numbers> = {
  is: (value): value is Numbers =>
    ArrayBuffer.isView(value) &&
    !(value instanceof DataView) &&
    !Buffer.isBuffer(value) &&
    (value as unknown as Numbers).length > maxLength,
  render(value) {
    const print = (index: number): string => inspect(value[index]);
    const start = Array.from({ length: shownAtStart }, (_, index) => print(index));
    const end = Array.from({ length: shownAtEnd }, (_, index) => print(value.length - shownAtEnd + index));
    const items = [...start, "…", ...end].join(", ");
    return { "text/plain": `${value.constructor.name}(${value.length}) [ ${items} ]` };
  },
};
