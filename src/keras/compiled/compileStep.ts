import type { GraphOutput, Pointer } from "../../tensorflow/capi.ts";
import { CompiledFunction } from "../../tensorflow/graph/compiledFunction.ts";
import { Graph } from "../../tensorflow/graph/graph.ts";
import { replay } from "../../tensorflow/graph/replay.ts";
import type { Runtime } from "../../tensorflow/runtime.ts";
import type { tf } from "../../tensorflow/tf.ts";
import { addUpdates } from "./addUpdates.ts";
import { Feeds } from "./feeds.ts";
import { updateOf } from "./optimizerUpdates.ts";
import type { Gradient, RecordedStep } from "./recordStep.ts";

/** A step that is one call of TensorFlow. It belongs to whoever made it, who closes it. */
export interface CompiledStep {
  /** Trains on a batch: loss and metrics. */
  run(tensors: readonly tf.Tensor[]): { scalars: tf.Scalar[]; gradients: Gradient[] };
  /** The same on another thread. */
  runAsync(tensors: readonly tf.Tensor[]): Promise<{ scalars: tf.Scalar[]; gradients: Gradient[] }>;
  /** Whether the weights are updated within; if not, the gradients are for the optimizer to apply. */
  updates: boolean;
  close(): void;
}

/**
 * Makes one function of TensorFlow's of a recorded step and the optimizer's update. The weights, the moving statistics and the
 * optimizer's slots become variables of TensorFlow's that it changes in place.
 */
export function compileStep(runtime: Runtime, recorded: RecordedStep, optimizer: tf.Optimizer): CompiledStep {
  const { context, toTensor } = runtime;
  const { recording, inputs, seed, scalars, gradients, changed, variables } = recorded;
  const graph = new Graph(context);
  const feeds = new Feeds(runtime, graph);
  try {
    const known = new Map<number, GraphOutput>();
    inputs.forEach((id, index) => {
      if (id !== undefined) known.set(id, feeds.batch(index, id));
    });
    const wanted = [...scalars, ...gradients.map(({ id }) => id), ...changed.map(({ id }) => id)];
    const capture = (id: number): GraphOutput => {
      if (id === seed) return feeds.seed();
      const variable = variables.get(id);
      return variable === undefined ? feeds.captured(id) : feeds.value(variable);
    };
    const found = replay(graph, recording, wanted, { known, capture });
    const outputs = found.slice(0, scalars.length);
    const gradientOutputs = found.slice(scalars.length, scalars.length + gradients.length);
    const values = found.slice(scalars.length + gradients.length);

    const update = updateOf(optimizer);
    const done: Pointer[] = changed.map(({ variable }, index) => feeds.assign(variable, values[index]!));
    if (update !== undefined) {
      const pairs = gradients.map(({ variable, slot }, index) => ({
        variable,
        slot,
        gradient: gradientOutputs[index]!,
      }));
      done.push(...addUpdates(graph, feeds, { update, optimizer, gradients: pairs }));
    }
    // Assignments have no output: what is returned waits for them, or they would not run.
    const returned = outputs.map((output) => ({
      oper: graph.add("Identity", [output], { attributes: [feeds.typeOf(output)], after: done }),
      index: 0,
    }));
    if (update === undefined) returned.push(...gradientOutputs);
    const compiled = new CompiledFunction(context, graph.toFunction(returned), returned.length);

    const finish = (handles: Pointer[]): { scalars: tf.Scalar[]; gradients: Gradient[] } => {
      const tensors = handles.map(toTensor);
      return {
        scalars: tensors.slice(0, scalars.length) as tf.Scalar[],
        gradients: tensors
          .slice(scalars.length)
          .map((tensor, index) => ({ variable: gradients[index]!.variable, tensor })),
      };
    };
    return {
      updates: update !== undefined,
      run: (tensors) => finish(compiled.run(feeds.handles(tensors))),
      async runAsync(tensors) {
        const handles = await compiled.runAsync(feeds.handles(tensors));
        feeds.settle();
        return finish(handles);
      },
      close() {
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
