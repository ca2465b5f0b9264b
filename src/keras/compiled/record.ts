import type { Recording } from "../../tensorflow/graph/recorder.ts";
import type { Runtime } from "../../tensorflow/runtime.ts";
import { tf } from "../../tensorflow/tf.ts";
import type { RecordedConstraints } from "./constraints.ts";
import type { TrainedWeight } from "./optimizerUpdates.ts";

/** A weight and the gradient that is to change it. */
export interface Gradient {
  variable: tf.Variable;
  /** The tensor, which belongs to whoever has it; null where the loss does not depend on the weight. */
  tensor: tf.Tensor | null;
}

/** What one batch has given: outputs, such as loss and metrics, and gradients if it is to train. */
export interface Computed {
  outputs: tf.Tensor[];
  gradients: Gradient[];
  /** Whether the gradients are finite, where that decides whether they are applied; belongs to whoever has it. */
  finite?: tf.Tensor | undefined;
}

/** A computation that was written down: tensors by their numbers in the runtime's table. */
export interface Recorded {
  recording: Recording;
  /** The batch, in order; undefined where it has nothing, as weights of samples. */
  inputs: (number | undefined)[];
  /** What its random numbers come from. */
  seed: number;
  /** The names of the optimizer's numbers, where its update was computed, too. */
  numbers: Map<number, string>;
  outputs: number[];
  gradients: (TrainedWeight & { id: number })[];
  /** Whether the gradients are finite, where that decides. */
  finite: number | undefined;
  /** All variables that were there, by the number of the value that they had. */
  variables: Map<number, tf.Variable>;
  /** Those that were given a new value: moving statistics. */
  changed: { variable: tf.Variable; id: number }[];
  /** What becomes of the weights after the update, where it is an operation. */
  constraints?: RecordedConstraints;
  /** Whether something that was computed is still held by others than those above: by a layer, for the next batch. */
  keeps: boolean;
}

/** What a computation is given, besides what is there already: other values at each step. */
export interface Given {
  /** The batch. */
  tensors: readonly (tf.Tensor | null)[];
  seed: tf.Tensor1D;
  /** Numbers of the optimizer, by name. */
  numbers?: Readonly<Record<string, tf.Scalar>> | undefined;
}

/** Computes a batch, and writes down how. */
export function record(
  runtime: Runtime,
  { tensors, seed, numbers = {} }: Given,
  compute: () => Computed,
): { computed: Computed; recorded: Recorded } {
  const { idOf, ownIdOf } = runtime;
  const all = Object.values(tf.engine().registeredVariables);
  // What JavaScript has made reaches TensorFlow when it is first used: now, or the recording would take it for constants.
  const seedId = idOf(seed);
  const names = new Map(Object.entries(numbers).map(([name, number]) => [idOf(number), name]));
  const inputs = tensors.map((tensor) => (tensor === null ? undefined : idOf(tensor)));
  const before = all.map(ownIdOf);
  const { result, recording } = runtime.record(() => {
    const computed = compute();
    return {
      computed,
      outputs: computed.outputs.map(idOf),
      finite: computed.finite && idOf(computed.finite),
      gradients: computed.gradients.flatMap(({ variable, tensor }, place) =>
        tensor === null ? [] : [{ variable, place, id: idOf(tensor) }],
      ),
      after: all.map(idOf),
    };
  });
  const { computed, outputs, gradients, finite, after } = result;
  return {
    computed,
    recorded: {
      recording,
      inputs,
      seed: seedId,
      numbers: names,
      outputs,
      gradients,
      finite,
      variables: new Map(all.map((variable, index) => [before[index]!, variable])),
      changed: all.flatMap((variable, index) =>
        after[index] === before[index] ? [] : [{ variable, id: after[index]! }],
      ),
      keeps: keepsMore(runtime, recording, computed, new Set(after)),
    },
  };
}

/** Whether of what was computed more is held than what was asked for and the values of variables. */
function keepsMore(
  { handles, idOf }: Runtime,
  { operations }: Recording,
  { outputs, gradients, finite }: Computed,
  values: ReadonlySet<number>,
): boolean {
  const holders = new Map<number, number>();
  const given = [...outputs, ...gradients.flatMap(({ tensor }) => tensor ?? []), ...(finite ? [finite] : [])];
  for (const tensor of given) {
    const id = idOf(tensor);
    holders.set(id, (holders.get(id) ?? 0) + 1);
  }
  const backend = tf.backend();
  return (
    given.some((tensor) => backend.refCount(tensor.dataId) > holders.get(idOf(tensor))!) ||
    operations.some(({ outputs }) =>
      outputs.some(({ id }) => handles.has(id) && !holders.has(id) && !values.has(id)),
    )
  );
}
