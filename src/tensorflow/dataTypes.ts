/** TensorFlow's numbers for the types of a tensor's elements (tensorflow/c/tf_datatype.h). */
export const dataTypes = {
  float: 1,
  double: 2,
  int32: 3,
  uint8: 4,
  int16: 5,
  int8: 6,
  string: 7,
  complex64: 8,
  int64: 9,
  bool: 10,
  bfloat16: 14,
  uint16: 17,
  half: 19,
  resource: 20,
} as const;

const bytesOfElements: Readonly<Record<string, number>> = {
  ...{ float: 4, double: 8, half: 2, bfloat16: 2, complex64: 8, bool: 1 },
  ...{ int8: 1, int16: 2, int32: 4, int64: 8, uint8: 1, uint16: 2 },
};

/** How many bytes an element takes, by the name that TensorFlow's messages use; undefined for types without a fixed size. */
export function elementBytes(name: string): number | undefined {
  return bytesOfElements[name];
}

/** "half" for 19; the number itself for a type that has no name here. */
export function dataTypeName(dtype: number): string {
  return Object.entries(dataTypes).find(([, number]) => number === dtype)?.[0] ?? `type ${String(dtype)}`;
}

/** The types that TensorFlow.js can hold. */
export const heldTypes: ReadonlySet<number> = new Set([
  dataTypes.float,
  dataTypes.int32,
  dataTypes.uint8,
  dataTypes.string,
  dataTypes.complex64,
  dataTypes.int64,
  dataTypes.bool,
  dataTypes.resource,
]);

/** For a type that TensorFlow.js cannot hold: the one that holds its values. */
export const nearestHeldType: ReadonlyMap<number, number> = new Map([
  [dataTypes.half, dataTypes.float],
  [dataTypes.bfloat16, dataTypes.float],
  [dataTypes.double, dataTypes.float],
  [dataTypes.int8, dataTypes.int32],
  [dataTypes.int16, dataTypes.int32],
  [dataTypes.uint16, dataTypes.int32],
]);
