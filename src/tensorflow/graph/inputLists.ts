import type { Attribute } from "../attributes.ts";
import type { Context } from "../context.ts";
import type { Pointer } from "../capi.ts";

/** An argument of an operation; where it is a list, the attribute that has its length or its types. */
interface Argument {
  lengthIn: string | undefined;
}

const known = new Map<string, Argument[]>();

/** Numbers of the fields that are read of TensorFlow's OpDef and ArgDef (core/framework/op_def.proto). */
const fields = { inputArguments: 2, numberAttribute: 5, typeListAttribute: 6 };

/**
 * Sorts the inputs of an operation by its arguments: undefined for an argument that is one input, the number of inputs for one
 * that is a list. An operation that runs at once takes its inputs in a row; one in a graph wants its lists whole.
 */
export function inputLists(
  context: Context,
  graph: Pointer,
  name: string,
  attributes: readonly Attribute[],
): (number | undefined)[] {
  let inputs = known.get(name);
  if (inputs === undefined) known.set(name, (inputs = readArguments(context, graph, name)));
  return inputs.map(({ lengthIn }) => {
    if (lengthIn === undefined) return undefined;
    const value = attributes.find((attribute) => attribute.name === lengthIn)?.value;
    return Array.isArray(value) ? value.length : Number(value);
  });
}

function readArguments({ c, status, check }: Context, graph: Pointer, name: string): Argument[] {
  const buffer = c.TF_NewBuffer();
  try {
    c.TF_GraphGetOpDef(graph, name, buffer, status);
    check(name);
    // A TF_Buffer begins with the address and the length of its bytes.
    const head = new BigUint64Array(2);
    c.memcpy(head, buffer, head.byteLength);
    const bytes = new Uint8Array(Number(head[1]));
    c.memcpy(bytes, head[0]!, bytes.length);
    return fieldsOf(bytes)
      .filter(({ number }) => number === fields.inputArguments)
      .map(({ bytes: argument }) => ({ lengthIn: lengthAttribute(argument) }));
  } finally {
    c.TF_DeleteBuffer(buffer);
  }
}

function lengthAttribute(argument: Uint8Array): string | undefined {
  const found = fieldsOf(argument).find(
    ({ number }) => number === fields.numberAttribute || number === fields.typeListAttribute,
  );
  return found && new TextDecoder().decode(found.bytes);
}

/** The fields of a message of Protocol Buffers that are bytes, text or messages themselves. */
function fieldsOf(message: Uint8Array): { number: number; bytes: Uint8Array }[] {
  const found: { number: number; bytes: Uint8Array }[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = message[at++]!;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < message.length) {
    const tag = varint();
    const kind = tag & 7;
    if (kind === 2) {
      const length = varint();
      found.push({ number: tag >> 3, bytes: message.subarray(at, at + length) });
      at += length;
    } else if (kind === 0) varint();
    else at += kind === 1 ? 8 : 4;
  }
  return found;
}
