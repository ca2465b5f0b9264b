import { attribute, cName, graphSetters, setAttribute } from "../attributes.ts";
import type { Attribute, AttributeSetters } from "../attributes.ts";
import type { GraphOutput, Pointer } from "../capi.ts";
import type { Context } from "../context.ts";
import { newTensor, type TensorValues } from "../tensorData.ts";
import { lengthOf, operationInputs } from "./operationInputs.ts";

let functions = 0;

/** A graph of TensorFlow's while it is being built. It belongs to whoever made it, who closes it. */
export class Graph {
  readonly #context: Context;
  readonly #graph: Pointer;
  readonly #setters: AttributeSetters;
  readonly #inputs: GraphOutput[] = [];
  #operations = 0;

  constructor(context: Context) {
    this.#context = context;
    this.#graph = context.c.TF_NewGraph();
    this.#setters = graphSetters(context);
  }

  /** An input of the function that the graph will be; inputs are in the order of these calls. */
  input(dtype: number, shape?: readonly number[]): GraphOutput {
    const attributes = [attribute.type("dtype", dtype), ...(shape ? [attribute.shape("shape", shape)] : [])];
    const input = { oper: this.add("Placeholder", [], { attributes }), index: 0 };
    this.#inputs.push(input);
    return input;
  }

  /** A tensor whose values are those given, for ever. */
  constant(dtype: number, shape: readonly number[], values: TensorValues): GraphOutput {
    const { c, status, check } = this.#context;
    const tensor = newTensor(this.#context, shape, dtype, values);
    try {
      const description = this.#begin("Const");
      this.#setters.type(description, cName("dtype"), dtype);
      c.TF_SetAttrTensor(description, cName("value"), tensor, status);
      check("Const");
      return { oper: this.#finish("Const", description), index: 0 };
    } finally {
      c.TF_DeleteTensor(tensor);
    }
  }

  /** Adds an operation, with its inputs in a row; it runs after those in `after`. Returns it. */
  add(
    name: string,
    inputs: readonly GraphOutput[],
    { attributes = [], after = [] }: { attributes?: readonly Attribute[]; after?: readonly Pointer[] } = {},
  ): Pointer {
    const { c } = this.#context;
    const description = this.#begin(name);
    const { lists, inferred } = operationInputs(this.#context, this.#graph, name);
    let next = 0;
    for (const list of lists) {
      if (list === undefined) c.TF_AddInput(description, inputs[next++]!);
      else {
        const length = lengthOf(list, attributes);
        c.TF_AddInputList(description, pack(inputs.slice(next, next + length)), length);
        next += length;
      }
    }
    // Kernels may give a type that is not that of the input; an operation that runs at once looks at its inputs first.
    for (const attribute of attributes) {
      if (!inferred.has(attribute.name)) setAttribute(this.#setters, description, attribute);
    }
    for (const operation of after) c.TF_AddControlInput(description, operation);
    return this.#finish(name, description);
  }

  /** The number of the type of an output. */
  dtype(output: GraphOutput): number {
    return this.#context.c.TF_OperationOutputType(output);
  }

  /** The operations that take an output, among those that were added so far. */
  consumers(output: GraphOutput): Pointer[] {
    const { c } = this.#context;
    // A TF_Input is the address of an operation and which of its inputs, 8 bytes each.
    const inputs = new BigInt64Array(2 * c.TF_OperationOutputNumConsumers(output));
    c.TF_OperationOutputConsumers(output, inputs, inputs.length / 2);
    return [...new Set(inputs.filter((_, index) => index % 2 === 0))];
  }

  /**
   * Gives the context a function that computes `outputs` from the inputs. Returns its name. Where a graph calls it, what comes after the
   * call comes after all that the outputs wait for.
   */
  toFunction(outputs: readonly GraphOutput[]): string {
    const { c, pointer, status, check } = this.#context;
    const name = `convoscope_${String(functions++)}`;
    const ins = pack(this.#inputs);
    const outs = pack(outputs);
    const last = BigInt64Array.from(new Set(outputs.map(({ oper }) => oper)));
    // -1: all operations of the graph.
    const definition = c.TF_GraphToFunctionWithControlOutputs(
      ...([this.#graph, name, 0, -1, null] as const),
      ...([this.#inputs.length, ins, outputs.length, outs] as const),
      ...([null, last.length, last, null, null, null, status] as const),
    );
    check("TF_GraphToFunctionWithControlOutputs");
    try {
      c.TFE_ContextAddFunction(pointer, definition!, status);
      check("TFE_ContextAddFunction");
      return name;
    } finally {
      c.TF_DeleteFunction(definition!);
    }
  }

  close(): void {
    this.#context.c.TF_DeleteGraph(this.#graph);
  }

  #begin(name: string): Pointer {
    return this.#context.c.TF_NewOperation(this.#graph, cName(name), `${name}_${String(this.#operations++)}`);
  }

  #finish(name: string, description: Pointer): Pointer {
    const operation = this.#context.c.TF_FinishOperation(description, this.#context.status);
    this.#context.check(name);
    return operation!;
  }
}

/** Outputs as C has them in a row: address and index, 8 bytes each. */
function pack(outputs: readonly GraphOutput[]): BigInt64Array {
  return BigInt64Array.from(outputs.flatMap(({ oper, index }) => [oper, BigInt(index)]));
}
