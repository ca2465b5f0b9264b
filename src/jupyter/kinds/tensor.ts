import { inspect } from "node:util";
import { plainText } from "../plainText.ts";
import { printCorner, toAxes, type Axis } from "../tensorText.ts";
import { hasMethod, type Kind } from "./kind.ts";

/** The part of a tensor of TensorFlow.js that is looked at. */
interface Tensor {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly size: number;
  readonly isDisposed?: boolean;
  /** Of variables. */
  readonly trainable?: boolean;
  readonly name?: string;
  data(): Promise<ArrayLike<unknown>>;
  gather?(indices: number[], axis: number): Tensor;
  dispose(): void;
}

/** Of larger tensors only the corner is copied out of the backend's memory. */
const maxCopied = 100_000;

/** Tensors and variables of TensorFlow.js: shape, type and a corner of the values, as NumPy prints them. */
export const tensor: Kind<Tensor> = {
  is: isTensor,
  async render(value) {
    if (value.isDisposed === true) return { "text/plain": describe(value) };
    const axes = toAxes(value.shape);
    const corner = printCorner(await cornerOf(value, axes), axes, value.dtype);
    return { "text/plain": `${describe(value)}\n${corner}` };
  },
};

/** Lists of tensors, and objects with nothing but tensors, as models give and take them: the shape and type of each. */
export const tensors: Kind = {
  is: (value): value is object =>
    (Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype) &&
    Object.keys(value).length > 0 &&
    Object.values(value).every(
      (item: unknown) => typeof item === "object" && item !== null && isTensor(item),
    ),
  render(value) {
    const described = Object.entries(value as Record<string, Tensor>).map(
      ([name, item]) => [name, { [inspect.custom]: () => describe(item) }] as const,
    );
    const shown = Array.isArray(value) ? described.map(([, item]) => item) : Object.fromEntries(described);
    return { "text/plain": plainText(shown) };
  },
};

function isTensor(value: object): value is Tensor {
  return (
    hasMethod(value, "dataSync") &&
    hasMethod(value, "data") &&
    "dtype" in value &&
    typeof value.dtype === "string" &&
    "shape" in value &&
    Array.isArray(value.shape)
  );
}

function describe({ shape, dtype, trainable, name, isDisposed = false }: Tensor): string {
  const title = trainable === undefined ? "Tensor" : `Variable ${JSON.stringify(name)}`;
  return `${title} [${shape.join(", ")}] ${dtype}${isDisposed ? ", disposed" : ""}`;
}

/** The values that are shown, in rows. Leaves no tensor behind. */
async function cornerOf(value: Tensor, axes: readonly Axis[]): Promise<unknown[]> {
  if (value.size <= maxCopied || value.gather === undefined || value.dtype === "complex64") {
    return pick(await value.data(), value.shape, axes);
  }
  let corner = value;
  for (const [axis, { indices, cut }] of axes.entries()) {
    if (!cut) continue;
    const smaller = corner.gather!([...indices], axis);
    if (corner !== value) corner.dispose();
    corner = smaller;
  }
  const values = Array.from(await corner.data());
  if (corner !== value) corner.dispose();
  return values;
}

/** Chooses the shown values out of all. */
function pick(values: ArrayLike<unknown>, shape: readonly number[], axes: readonly Axis[]): unknown[] {
  let offsets = [0];
  axes.forEach(({ indices }, axis) => {
    offsets = offsets.flatMap((offset) => indices.map((index) => offset * shape[axis]! + index));
  });
  const size = shape.reduce((product, length) => product * length, 1);
  // Complex numbers lie in pairs.
  if (values.length === 2 * size && size > 0) {
    return offsets.map((offset) => [values[2 * offset], values[2 * offset + 1]]);
  }
  return offsets.map((offset) => values[offset]);
}
