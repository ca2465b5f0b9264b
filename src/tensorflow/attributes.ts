import type { Memory, Pointer } from "./capi.ts";
import type { Context } from "./context.ts";

/** TensorFlow's numbers for the kinds of an operation's attributes (tensorflow/c/tf_attrtype.h). */
export const attributeKinds = { string: 0, int: 1, float: 2, bool: 3, type: 4, shape: 5, func: 8 } as const;

/** An attribute of an operation, as the kernels of tfjs-node give it. */
export interface Attribute {
  name: string;
  type: number;
  value: unknown;
}

/** An attribute of each kind, by the name that TensorFlow gives it. */
export const attribute = {
  type: (name: string, value: number): Attribute => ({ name, type: attributeKinds.type, value }),
  int: (name: string, value: number): Attribute => ({ name, type: attributeKinds.int, value }),
  float: (name: string, value: number): Attribute => ({ name, type: attributeKinds.float, value }),
  bool: (name: string, value: boolean): Attribute => ({ name, type: attributeKinds.bool, value }),
  shape: (name: string, value: readonly number[]): Attribute => ({ name, type: attributeKinds.shape, value }),
  text: (name: string, value: string): Attribute => ({ name, type: attributeKinds.string, value }),
  types: (name: string, value: readonly number[]): Attribute => ({ name, type: attributeKinds.type, value }),
  /** The name of a function that the context has. */
  func: (name: string, value: string): Attribute => ({ name, type: attributeKinds.func, value }),
};

/** The functions that give attributes to one sort of operations: those that run at once, or those of a graph. */
export interface AttributeSetters {
  type(op: Pointer, name: Memory, value: number): void;
  int(op: Pointer, name: Memory, value: number | bigint): void;
  float(op: Pointer, name: Memory, value: number): void;
  bool(op: Pointer, name: Memory, value: number): void;
  string(op: Pointer, name: Memory, value: Memory, bytes: number): void;
  shape(op: Pointer, name: Memory, dims: BigInt64Array, count: number): void;
  func(op: Pointer, name: Memory, value: Memory, bytes: number): void;
  ints(op: Pointer, name: Memory, values: BigInt64Array, count: number): void;
  floats(op: Pointer, name: Memory, values: Float32Array, count: number): void;
  bools(op: Pointer, name: Memory, values: Uint8Array, count: number): void;
  types(op: Pointer, name: Memory, values: Int32Array, count: number): void;
}

/** For operations that run at once. */
export function eagerSetters({ c, status, check }: Context): AttributeSetters {
  return {
    type: c.TFE_OpSetAttrType,
    int: c.TFE_OpSetAttrInt,
    float: c.TFE_OpSetAttrFloat,
    bool: c.TFE_OpSetAttrBool,
    string: c.TFE_OpSetAttrString,
    shape: (op, name, dims, count) => {
      c.TFE_OpSetAttrShape(op, name, dims, count, status);
      check("an attribute's shape");
    },
    func: c.TFE_OpSetAttrFunctionName,
    ints: c.TFE_OpSetAttrIntList,
    floats: c.TFE_OpSetAttrFloatList,
    bools: c.TFE_OpSetAttrBoolList,
    types: c.TFE_OpSetAttrTypeList,
  };
}

/** For operations of a graph. */
export function graphSetters({ c }: Context): AttributeSetters {
  return {
    type: c.TF_SetAttrType,
    int: c.TF_SetAttrInt,
    float: c.TF_SetAttrFloat,
    bool: c.TF_SetAttrBool,
    string: c.TF_SetAttrString,
    shape: c.TF_SetAttrShape,
    func: c.TF_SetAttrFuncName,
    ints: c.TF_SetAttrIntList,
    floats: c.TF_SetAttrFloatList,
    bools: c.TF_SetAttrBoolList,
    types: c.TF_SetAttrTypeList,
  };
}

const names = new Map<string, Uint8Array>();

/** The name as C reads it. Operations keep the address, so each name is made once and stays. */
export function cName(name: string): Memory {
  let bytes = names.get(name);
  if (bytes === undefined) names.set(name, (bytes = Buffer.from(`${name}\0`)));
  return bytes;
}

/** Gives an operation one of its attributes; an array becomes a list of the kind. */
export function setAttribute(setters: AttributeSetters, op: Pointer, { name, type, value }: Attribute): void {
  if (Array.isArray(value) && type !== attributeKinds.shape) setList(setters, op, name, type, value);
  else setSingle(setters, op, name, type, value);
}

function setSingle(set: AttributeSetters, op: Pointer, name: string, type: number, value: unknown): void {
  const key = cName(name);
  switch (type) {
    case attributeKinds.type:
      return set.type(op, key, value as number);
    case attributeKinds.int:
      return set.int(op, key, value as number);
    case attributeKinds.bool:
      return set.bool(op, key, value ? 1 : 0);
    case attributeKinds.float:
      return set.float(op, key, value as number);
    case attributeKinds.string:
    case attributeKinds.func: {
      const bytes = Buffer.from(value as string);
      const kind = type === attributeKinds.func ? "func" : "string";
      return set[kind](op, key, bytes, bytes.length);
    }
    case attributeKinds.shape: {
      const shape = value as number[];
      return set.shape(op, key, BigInt64Array.from(shape, BigInt), shape.length);
    }
    default:
      throw new Error(`attribute ${name}: kind ${String(type)} is not known`);
  }
}

function setList(set: AttributeSetters, op: Pointer, name: string, type: number, values: unknown[]): void {
  const key = cName(name);
  const count = values.length;
  switch (type) {
    case attributeKinds.int:
      return set.ints(op, key, BigInt64Array.from(values as number[], BigInt), count);
    case attributeKinds.float:
      return set.floats(op, key, Float32Array.from(values as number[]), count);
    case attributeKinds.bool:
      return set.bools(op, key, Uint8Array.from(values, Number), count);
    case attributeKinds.type:
      return set.types(op, key, Int32Array.from(values as number[]), count);
    default:
      throw new Error(`attribute ${name}: a list of kind ${String(type)} is not known`);
  }
}
