import type { Attribute } from "../attributes.ts";
import type { Binding } from "../binding.ts";
import type { ReadValues, TensorValues } from "../tensorData.ts";

/** An operation that has run: tensors by their numbers. */
export interface RecordedOperation {
  name: string;
  attributes: readonly Attribute[];
  inputs: readonly number[];
  outputs: readonly { id: number; dtype: number }[];
}

export interface RecordedConstant {
  dtype: number;
  shape: readonly number[];
  values: TensorValues;
}

/** What TensorFlow was asked to do meanwhile. */
export interface Recording {
  operations: RecordedOperation[];
  /** Tensors that JavaScript made, by their numbers. */
  constants: Map<number, RecordedConstant>;
  /** Why the same operations would not do another time; undefined when they would. */
  unrepeatable: string | undefined;
}

export type Record = <Result>(body: () => Result) => { result: Result; recording: Recording };

/** A binding that can write down what it is asked, and the function that makes it do so while `body` runs, which is synchronous. */
export function recordable(binding: Binding): { binding: Binding; record: Record } {
  /** One within the other. */
  const current: Recording[] = [];

  const spoil = (reason: string): void => {
    for (const each of current) each.unrepeatable ??= reason;
  };

  const recording: Binding = {
    ...binding,
    createTensor(shape, dtype, values) {
      const id = binding.createTensor(shape, dtype, values);
      for (const { constants } of current)
        constants.set(id, { dtype, shape: [...shape], values: copyOf(values) });
      return id;
    },
    executeOp(name, attributes, inputs, numOutputs) {
      const outputs = binding.executeOp(name, attributes, inputs, numOutputs);
      for (const { operations } of current)
        operations.push({ name, attributes, inputs: [...inputs], outputs });
      return outputs;
    },
    tensorDataSync(id): ReadValues {
      // What JavaScript made itself is the same another time.
      if (!current.every(({ constants }) => constants.has(id))) spoil("it reads the values of a tensor");
      return binding.tensorDataSync(id);
    },
    runSavedModel(...asked) {
      spoil("it runs a SavedModel");
      return binding.runSavedModel(...asked);
    },
  };

  return {
    binding: recording,
    record(body) {
      const made: Recording = { operations: [], constants: new Map(), unrepeatable: undefined };
      const { random } = Math;
      Math.random = () => {
        spoil("it draws random numbers in JavaScript");
        return random();
      };
      current.push(made);
      try {
        return { result: body(), recording: made };
      } finally {
        current.pop();
        Math.random = random;
      }
    },
  };
}

/** Kernels may use an array again. */
function copyOf(values: TensorValues): TensorValues {
  return Array.isArray(values) ? [...values] : values.slice();
}
