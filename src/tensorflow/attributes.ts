import type { Memory, Pointer } from "./capi.ts";
import type { Context } from "./context.ts";

/** TensorFlow's numbers for the kinds of an operation's attributes (tensorflow/c/tf_attrtype.h). */
export const attributeKinds = { string: 0, int: 1, float: 2, bool: 3, type: 4, shape: 5 } as const;

/** An attribute of an operation, as the kernels of tfjs-node give it. */
export interface Attribute {
  name: string;
  type: number;
  value: unknown;
}

const names = new Map<string, Uint8Array>();

/** The name as C reads it. Operations keep the address, so each name is made once and stays. */
export function cName(name: string): Memory {
  let bytes = names.get(name);
  if (bytes === undefined) names.set(name, (bytes = Buffer.from(`${name}\0`)));
  return bytes;
}

/** Gives an operation one of its attributes; an array becomes a list of the kind. */
export function setAttribute(context: Context, op: Pointer, { name, type, value }: Attribute): void {
  if (Array.isArray(value) && type !== attributeKinds.shape) setList(context, op, name, type, value);
  else setSingle(context, op, name, type, value);
}

function setSingle(
  { c, status, check }: Context,
  op: Pointer,
  name: string,
  type: number,
  value: unknown,
): void {
  const key = cName(name);
  switch (type) {
    case attributeKinds.type:
      c.TFE_OpSetAttrType(op, key, value as number);
      break;
    case attributeKinds.int:
      c.TFE_OpSetAttrInt(op, key, value as number);
      break;
    case attributeKinds.bool:
      c.TFE_OpSetAttrBool(op, key, value ? 1 : 0);
      break;
    case attributeKinds.float:
      c.TFE_OpSetAttrFloat(op, key, value as number);
      break;
    case attributeKinds.string: {
      const bytes = Buffer.from(value as string);
      c.TFE_OpSetAttrString(op, key, bytes, bytes.length);
      break;
    }
    case attributeKinds.shape: {
      const shape = value as number[];
      c.TFE_OpSetAttrShape(op, key, BigInt64Array.from(shape, BigInt), shape.length, status);
      check(name);
      break;
    }
    default:
      throw new Error(`attribute ${name}: kind ${String(type)} is not known`);
  }
}

function setList({ c }: Context, op: Pointer, name: string, type: number, values: unknown[]): void {
  const key = cName(name);
  const count = values.length;
  switch (type) {
    case attributeKinds.int:
      c.TFE_OpSetAttrIntList(op, key, BigInt64Array.from(values as number[], BigInt), count);
      break;
    case attributeKinds.float:
      c.TFE_OpSetAttrFloatList(op, key, Float32Array.from(values as number[]), count);
      break;
    case attributeKinds.bool:
      c.TFE_OpSetAttrBoolList(op, key, Uint8Array.from(values, Number), count);
      break;
    case attributeKinds.type:
      c.TFE_OpSetAttrTypeList(op, key, Int32Array.from(values as number[]), count);
      break;
    default:
      throw new Error(`attribute ${name}: a list of kind ${String(type)} is not known`);
  }
}
