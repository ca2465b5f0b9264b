import { attribute } from "../attributes.ts";
import type { GraphOutput } from "../capi.ts";
import type { Graph } from "./graph.ts";
import type { RecordedOperation, Recording } from "./recorder.ts";

export interface ReplayOptions {
  /** Tensors that are something else in the graph, by their numbers; those that are added to it are noted here. */
  known: Map<number, GraphOutput>;
  /** Gives what is neither known nor recorded: a tensor that was there before. */
  capture: (id: number) => GraphOutput;
}

/** Adds to a graph what of a recording is needed to compute the tensors `wanted`. Returns them, in their order. */
export function replay(
  graph: Graph,
  { operations, constants }: Recording,
  wanted: readonly number[],
  { known, capture }: ReplayOptions,
): GraphOutput[] {
  const sameAs = withoutCasts(operations);
  const real = (id: number): number => sameAs.get(id) ?? id;
  const maker = new Map(
    operations.flatMap((operation) => operation.outputs.map(({ id }) => [id, operation] as const)),
  );
  const needed = neededFor(wanted.map(real), known, maker, real);

  const find = (asked: number): GraphOutput => {
    const id = real(asked);
    let output = known.get(id);
    if (output === undefined) {
      const constant = constants.get(id);
      output = constant ? graph.constant(constant.dtype, constant.shape, constant.values) : capture(id);
      known.set(id, output);
    }
    return output;
  };

  for (const operation of operations) {
    if (!needed.has(operation)) continue;
    const { name, attributes, inputs, outputs } = operation;
    const oper = graph.add(name, inputs.map(find), { attributes });
    outputs.forEach(({ id, dtype }, index) => known.set(id, held(graph, { oper, index }, dtype)));
  }
  return wanted.map(find);
}

/** Casts to the type that a tensor has already: which tensor each one's output is. */
function withoutCasts(operations: readonly RecordedOperation[]): Map<number, number> {
  const sameAs = new Map<number, number>();
  for (const { name, attributes, inputs, outputs } of operations) {
    const type = (key: string): unknown => attributes.find((attribute) => attribute.name === key)?.value;
    if (name !== "Cast" || type("SrcT") !== type("DstT")) continue;
    sameAs.set(outputs[0]!.id, sameAs.get(inputs[0]!) ?? inputs[0]!);
  }
  return sameAs;
}

function neededFor(
  wanted: readonly number[],
  known: ReadonlyMap<number, GraphOutput>,
  maker: ReadonlyMap<number, RecordedOperation>,
  real: (id: number) => number,
): Set<RecordedOperation> {
  const needed = new Set<RecordedOperation>();
  const open = [...wanted];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const operation = known.has(id) ? undefined : maker.get(id);
    if (operation === undefined || needed.has(operation)) continue;
    needed.add(operation);
    open.push(...operation.inputs.map(real));
  }
  return needed;
}

/** An output as JavaScript has it: TensorFlow.js cannot hold some types, so the binding casts them. */
function held(graph: Graph, output: GraphOutput, dtype: number): GraphOutput {
  const found = graph.dtype(output);
  if (found === dtype) return output;
  const attributes = [attribute.type("SrcT", found), attribute.type("DstT", dtype)];
  return { oper: graph.add("Cast", [output], { attributes }), index: 0 };
}
