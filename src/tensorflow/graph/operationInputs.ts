import type { Attribute } from "../attributes.ts";
import type { Context } from "../context.ts";
import type { Pointer } from "../capi.ts";

/** What TensorFlow's definition of an operation says of its inputs. */
export interface OperationInputs {
  /** For each argument that is a list, the attribute that has its length or its types; undefined for one that is one input. */
  lists: (string | undefined)[];
  /** The attributes that follow from the inputs. */
  inferred: Set<string>;
}

const known = new Map<string, OperationInputs>();

/** Numbers of the fields that are read of TensorFlow's OpDef and ArgDef (core/framework/op_def.proto). */
const fields = { inputArguments: 2, typeAttribute: 4, numberAttribute: 5, typeListAttribute: 6 };

/** What is to be known of the inputs of an operation to add it to a graph. */
export function operationInputs(context: Context, graph: Pointer, name: string): OperationInputs {
  let inputs = known.get(name);
  if (inputs === undefined) known.set(name, (inputs = readDefinition(context, graph, name)));
  return inputs;
}

/** How many inputs a list has. */
export function lengthOf(list: string, attributes: readonly Attribute[]): number {
  const value = attributes.find(({ name }) => name === list)?.value;
  return Array.isArray(value) ? value.length : Number(value);
}

function readDefinition({ c, status, check }: Context, graph: Pointer, name: string): OperationInputs {
  const buffer = c.TF_NewBuffer();
  try {
    c.TF_GraphGetOpDef(graph, name, buffer, status);
    check(name);
    // A TF_Buffer begins with the address and the length of its bytes.
    const head = new BigUint64Array(2);
    c.memcpy(head, buffer, head.byteLength);
    const bytes = new Uint8Array(Number(head[1]));
    c.memcpy(bytes, head[0]!, bytes.length);
    const parts = fieldsOf(bytes)
      .filter(({ number }) => number === fields.inputArguments)
      .map(({ bytes: argument }) => fieldsOf(argument));
    return {
      lists: parts.map(
        (part) => nameIn(part, fields.numberAttribute) ?? nameIn(part, fields.typeListAttribute),
      ),
      inferred: new Set(
        parts.flatMap((part) =>
          [fields.typeAttribute, fields.numberAttribute, fields.typeListAttribute].flatMap(
            (number) => nameIn(part, number) ?? [],
          ),
        ),
      ),
    };
  } finally {
    c.TF_DeleteBuffer(buffer);
  }
}

function nameIn(part: ReturnType<typeof fieldsOf>, field: number): string | undefined {
  const found = part.find(({ number }) => number === field);
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
