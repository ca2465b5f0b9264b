import { attribute } from "../../tensorflow/attributes.ts";
import type { Pointer } from "../../tensorflow/capi.ts";
import type { Context } from "../../tensorflow/context.ts";
import { CompiledFunction } from "../../tensorflow/graph/compiledFunction.ts";
import { Graph } from "../../tensorflow/graph/graph.ts";
import { newHandle } from "../../tensorflow/tensorData.ts";
import type { Batch, Feed } from "./feeds.ts";

/** A step that is a function of TensorFlow's already. */
export interface CompiledStep {
  /** The function's name. */
  name: string;
  /** What it is given, in order. */
  feeds: readonly Feed[];
  /** The types of its outputs. */
  outputs: readonly number[];
}

/** Several steps as one call, each of which begins when the one before is over. It belongs to whoever made it, who closes it. */
export class StepGroup {
  readonly #context: Context;
  readonly #feeds: readonly Feed[];
  readonly #compiled: CompiledFunction;

  constructor(context: Context, step: CompiledStep, steps: number) {
    this.#context = context;
    this.#feeds = step.feeds;
    this.#compiled = compileSteps(context, step, steps);
  }

  /**
   * Runs the steps on another thread. Returns their outputs, `[steps, …]`.
   *
   * @param next is called as each step has been asked for its numbers
   */
  async run(batches: readonly Batch[], next: () => void): Promise<Pointer[]> {
    const { c } = this.#context;
    const numbers = batches.map((batch) => {
      const own = this.#feeds.map((feed) => feed.numbers?.(batch));
      next();
      return own;
    });
    const made: Pointer[] = [];
    const handles = this.#feeds.map(({ shape, dtype, handle, numbers: isOther }, index) => {
      if (isOther === undefined) return handle(batches[0]!);
      const values = join(numbers.map((own) => own[index]!));
      made.push(newHandle(this.#context, [batches.length, ...shape!], dtype, values));
      return made.at(-1)!;
    });
    try {
      return await this.#compiled.runAsync(handles);
    } finally {
      for (const handle of made) c.TFE_DeleteTensorHandle(handle);
    }
  }

  close(): void {
    this.#compiled.close();
  }
}

/** TensorFlow puts the operations of the steps in the place of the calls, so that all of them are started once. */
function compileSteps(
  context: Context,
  { name, feeds, outputs }: CompiledStep,
  steps: number,
): CompiledFunction {
  const graph = new Graph(context);
  try {
    const inputs = feeds.map(({ dtype, shape, numbers }) => {
      if (numbers === undefined) {
        const input = graph.input(dtype, shape);
        return () => input;
      }
      const parts = graph.add("Unpack", [graph.input(dtype, [steps, ...shape!])], {
        attributes: [attribute.int("num", steps), attribute.type("T", dtype), attribute.int("axis", 0)],
      });
      return (step: number) => ({ oper: parts, index: step });
    });
    const types = [
      attribute.types(
        "Tin",
        feeds.map(({ dtype }) => dtype),
      ),
      attribute.types("Tout", outputs),
    ];
    const calls: Pointer[] = [];
    for (let step = 0; step < steps; step++) {
      const attributes = [...types, attribute.func("f", name)];
      const given = inputs.map((input) => input(step));
      calls.push(graph.add("StatefulPartitionedCall", given, { attributes, after: calls.slice(-1) }));
    }
    const packed = outputs.map((dtype, index) => ({
      oper: graph.add(
        "Pack",
        calls.map((oper) => ({ oper, index })),
        { attributes: [attribute.int("N", steps), attribute.type("T", dtype), attribute.int("axis", 0)] },
      ),
      index: 0,
    }));
    return new CompiledFunction(context, graph.toFunction(packed), packed.length);
  } finally {
    graph.close();
  }
}

function join(parts: readonly (Float32Array | Int32Array)[]): Float32Array | Int32Array {
  const [first] = parts;
  const length = first!.length * parts.length;
  const whole = first instanceof Float32Array ? new Float32Array(length) : new Int32Array(length);
  parts.forEach((part, index) => whole.set(part, index * part.length));
  return whole;
}
