import type { GraphOutput, Pointer } from "../../tensorflow/capi.ts";
import { CompiledFunction } from "../../tensorflow/graph/compiledFunction.ts";
import { Graph } from "../../tensorflow/graph/graph.ts";
import { replay } from "../../tensorflow/graph/replay.ts";
import type { Runtime } from "../../tensorflow/runtime.ts";
import type { tf } from "../../tensorflow/tf.ts";
import type { KerasOptimizer } from "../optimizers/kerasOptimizer.ts";
import { addUpdates } from "./addUpdates.ts";
import type { RecordedConstraints } from "./constraints.ts";
import { Feeds, type Batch } from "./feeds.ts";
import { updateOf } from "./optimizerUpdates.ts";
import type { Computed, Recorded } from "./record.ts";
import { StepGroup } from "./stepGroup.ts";

/** A computation that is one call of TensorFlow. It belongs to whoever made it, who closes it. */
export interface Compiled {
  run(batch: Batch): Computed;
  /** The same on another thread. */
  runAsync(batch: Batch): Promise<Computed>;
  /**
   * Several steps in one call, on another thread, where the weights are updated within: their outputs, `[steps, …]`. Always as many.
   * `next` is called as each step has been asked for what it is given.
   */
  runSteps?(batches: readonly Batch[], next: () => void): Promise<tf.Tensor[]>;
  /** Whether the weights are updated within; if not, the gradients are for the optimizer to apply. */
  updates: boolean;
  close(): void;
}

/**
 * Makes one function of TensorFlow's of a recorded computation and the optimizer's update. The weights, the moving statistics and
 * the optimizer's slots become variables of TensorFlow's that it changes in place.
 */
export function compile(
  runtime: Runtime,
  recorded: Recorded,
  example: Batch,
  optimizer: tf.Optimizer | undefined,
): Compiled {
  const { context, toTensor } = runtime;
  const { recording, inputs, seed, numbers, outputs, gradients, finite, changed, variables, constraints } =
    recorded;
  const isReadOnly = gradients.length === 0 && changed.length === 0;
  const graph = new Graph(context);
  const feeds = new Feeds(runtime, graph);
  try {
    const known = new Map<number, GraphOutput>();
    inputs.forEach((id, index) => {
      if (id !== undefined) known.set(id, feeds.batch(index, example));
    });
    const wanted = [...outputs, ...gradients.map(({ id }) => id), ...changed.map(({ id }) => id)];
    const capture = (id: number): GraphOutput => {
      if (id === seed) return feeds.seed();
      const number = numbers.get(id);
      if (number !== undefined)
        return feeds.number(number, () => (optimizer as KerasOptimizer).numbers()[number]!);
      const variable = variables.get(id);
      if (variable === undefined) return feeds.captured(id);
      return isReadOnly ? feeds.current(variable) : feeds.value(variable);
    };
    const asked = finite === undefined ? wanted : [...wanted, finite];
    const found = replay(graph, recording, asked, { known, capture });
    const gradientOutputs = found.slice(outputs.length, outputs.length + gradients.length);
    const values = found.slice(outputs.length + gradients.length, wanted.length);
    const isFinite = finite === undefined ? undefined : found.at(-1)!;

    const update = optimizer && gradients.length > 0 ? updateOf(optimizer) : undefined;
    const done: Pointer[] = changed.map(({ variable }, index) => feeds.assign(variable, values[index]!));
    if (update !== undefined) {
      const pairs = gradients.map((each, index) => ({ ...each, gradient: gradientOutputs[index]! }));
      done.push(...addUpdates(graph, feeds, { update, optimizer: optimizer!, gradients: pairs, isFinite }));
      if (constraints !== undefined) done.push(...addConstraints(graph, feeds, constraints, done));
    }
    // Assignments have no output: what is returned waits for them, or they would not run.
    const returned = found.slice(0, outputs.length).map((output) => ({
      oper: graph.add("Identity", [output], { attributes: [feeds.typeOf(output)], after: done }),
      index: 0,
    }));
    if (update === undefined) returned.push(...gradientOutputs, ...(isFinite ? [isFinite] : []));
    const name = graph.toFunction(returned);
    const compiled = new CompiledFunction(context, name, returned.length);
    const step = { name, feeds: feeds.list, outputs: returned.map((output) => graph.dtype(output)) };
    const updates = update !== undefined || numbers.size > 0;
    let group: StepGroup | undefined;

    const finish = (handles: Pointer[]): Computed => {
      const tensors = handles.map(toTensor);
      return {
        outputs: tensors.slice(0, outputs.length),
        gradients: tensors
          .slice(outputs.length, outputs.length + gradients.length)
          .map((tensor, index) => ({ variable: gradients[index]!.variable, tensor })),
        finite: tensors[outputs.length + gradients.length],
      };
    };
    return {
      updates,
      run: (batch) => finish(compiled.run(feeds.handles(batch))),
      async runAsync(batch) {
        const handles = await compiled.runAsync(feeds.handles(batch));
        feeds.settle();
        return finish(handles);
      },
      ...(updates && {
        async runSteps(batches, next) {
          group ??= new StepGroup(context, step, batches.length);
          const handles = await group.run(batches, next);
          feeds.settle();
          return handles.map(toTensor);
        },
      }),
      close() {
        group?.close();
        compiled.close();
        feeds.close();
      },
    };
  } catch (error) {
    feeds.close();
    throw error;
  } finally {
    graph.close();
  }
}

/** Adds what gives weights the values that their constraints allow, after the operations `updated`. */
function addConstraints(
  graph: Graph,
  feeds: Feeds,
  { recording, changed }: RecordedConstraints,
  updated: readonly Pointer[],
): Pointer[] {
  const variables = new Map(changed.map(({ variable, before }) => [before, variable]));
  const capture = (id: number): GraphOutput => {
    const variable = variables.get(id);
    return variable === undefined ? feeds.captured(id) : feeds.valueAfter(variable, updated);
  };
  const wanted = changed.map(({ after }) => after);
  const values = replay(graph, recording, wanted, { known: new Map(), capture });
  return changed.map(({ variable }, index) => feeds.assign(variable, values[index]!));
}
