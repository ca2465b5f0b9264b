/** One axis of a tensor as it is shown. */
export interface Axis {
  /** Which of its indices are shown. */
  indices: readonly number[];
  /** Whether some are left out, in the middle. */
  cut: boolean;
}

/** Tensors up to this size are shown whole. */
const maxWhole = 100;
/** How many are shown at either end: of vectors, of the last two axes, of the axes before. */
const vectorEdge = 5;
const matrixEdge = 3;
const outerEdge = 1;

/** What is shown of each axis of a shape. */
export function toAxes(shape: readonly number[]): Axis[] {
  const size = shape.reduce((product, length) => product * length, 1);
  return shape.map((length, axis) => {
    const edge = shape.length === 1 ? vectorEdge : axis >= shape.length - 2 ? matrixEdge : outerEdge;
    const cut = size > maxWhole && length > 2 * edge + 1;
    const all = Array.from({ length: cut ? 2 * edge : length }, (_, index) => index);
    return {
      indices: cut ? all.map((index) => (index < edge ? index : length - 2 * edge + index)) : all,
      cut,
    };
  });
}

/** Prints the shown values of a tensor in nested brackets, the columns lined up, with … where some are left out. */
export function printCorner(values: readonly unknown[], axes: readonly Axis[], dtype: string): string {
  const lineUp = axes.length > 1 && dtype !== "string";
  const toText = lineUp ? sameDigits(values) : printNumber;
  const texts = values.map((value) => printValue(value, dtype, toText));
  const width = lineUp ? Math.max(0, ...texts.map(({ length }) => length)) : 0;
  return printAxis(
    texts.map((text) => text.padStart(width)),
    axes,
    1,
  );
}

function printAxis(texts: readonly string[], [first, ...rest]: readonly Axis[], indent: number): string {
  if (first === undefined) return texts[0] ?? "";
  const { indices, cut } = first;
  const stride = texts.length / Math.max(1, indices.length);
  const parts = indices.map((_, index) =>
    printAxis(texts.slice(index * stride, (index + 1) * stride), rest, indent + 1),
  );
  if (cut) parts.splice(indices.length / 2, 0, "…");
  // Matrices are a blank line apart, as NumPy has them.
  const separator = rest.length === 0 ? ", " : `,${"\n".repeat(rest.length)}${" ".repeat(indent)}`;
  return `[${parts.join(separator)}]`;
}

type NumberToText = (value: number) => string;

function printValue(value: unknown, dtype: string, toText: NumberToText): string {
  if (dtype === "bool") return String(Boolean(value));
  if (Array.isArray(value)) {
    const [real, imaginary] = value.map((part) => toText(Number(part))) as [string, string];
    return `${real}${imaginary.startsWith("-") ? "" : "+"}${imaginary}i`;
  }
  if (typeof value === "number") return toText(value);
  const text = JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 39)}…"` : text;
}

/** Six digits: what a float32 holds. */
function printNumber(value: number): string {
  if (Object.is(value, -0)) return "-0";
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
}

/** Numbers below each other have the same digits behind the point, at most four; an exponent where that would hide them. */
function sameDigits(values: readonly unknown[]): NumberToText {
  const numbers = values.flat().map(Number).filter(Number.isFinite);
  if (numbers.every(Number.isInteger)) return printNumber;
  const largest = Math.max(...numbers.map(Math.abs));
  if (largest >= 1e6 || largest < 1e-3) return (value) => value.toExponential(4);
  const needed = numbers.map((value) => /\.(\d*?)0*$/.exec(value.toFixed(4))?.[1]?.length ?? 0);
  const digits = Math.max(...needed);
  return (value) => value.toFixed(digits);
}
