import { currentRuntime, type Runtime } from "../../tensorflow/runtime.ts";
import { tf } from "../../tensorflow/tf.ts";
import { applyUpdate } from "./applyUpdate.ts";
import { compile, type Compiled } from "./compile.ts";
import { constrain, recordConstraints, type WeightConstraint } from "./constraints.ts";
import type { Batch } from "./feeds.ts";
import { lossScaleOf } from "./lossScale.ts";
import { record, type Computed, type Given, type Recorded } from "./record.ts";
import { recordWithUpdate } from "./recordWithUpdate.ts";
import { changesByItself, countStep, updateOf } from "./optimizerUpdates.ts";
import { newSeed, withSeed } from "./stepSeed.ts";
import { stepsAtOnce, type Pace } from "./stepsAtOnce.ts";

/** Batches of one kind: how often they were computed as they are, and what they were compiled to, or why they cannot be. */
interface Kind {
  seen: number;
  /** Whether a recording has been thrown away because a layer kept tensors of it. */
  again?: boolean;
  compiled?: Compiled;
  pace: Pace;
  reason?: string | undefined;
}

/** The kinds of batches that a computation has met, by their shapes. */
export type Kinds = Map<string, Kind>;

/** Kinds that are kept at a time. Batches of more shapes than these are rare: text, mostly. */
const mostKinds = 16;

/** Frees what was compiled. */
export function closeKinds(kinds: Kinds): void {
  for (const { compiled } of kinds.values()) compiled?.close();
  kinds.clear();
}

export interface ComputationOptions {
  /** Computes a batch operation by operation. */
  compute: (tensors: tf.Tensor[]) => Computed;
  /** What trains the weights with the gradients; nothing where there are none. */
  optimizer?: () => tf.Optimizer | undefined;
  /** The weights that it trains. */
  weights?: () => readonly tf.Variable[];
  /** What is wanted of the weights after each step. Default: nothing. */
  constraints?: () => readonly WeightConstraint[];
  /** All that the computation was made for: when one of these is another, what was compiled is of no use. */
  dependsOn: () => readonly unknown[];
  /** How many batches of a kind are computed as they are before it is worth while to compile them. Default 0. */
  patience?: number;
  /** Told why batches cannot be compiled. */
  say: (reason: string) => void;
  /** Whether a batch must not be compiled now, whatever else. Default: never. */
  isOff?: () => boolean;
  /** Where the kinds are kept, for whoever frees them. */
  kinds: Kinds;
}

/**
 * What a model does with batches: computed operation by operation at first, recorded meanwhile, and one call of TensorFlow for
 * each further batch of the same shapes.
 */
export class CompiledComputation {
  readonly #options: ComputationOptions;
  #madeFor: readonly unknown[] = [];

  constructor(options: ComputationOptions) {
    this.#options = options;
  }

  /** Computes a batch; with an optimizer, trains on it. */
  run(batch: Batch): tf.Tensor[] {
    const kind = this.#find(batch);
    return kind?.compiled
      ? this.#finish(kind.compiled, kind.compiled.run(batch))
      : this.#compute(batch, kind);
  }

  /** The same, with the work on another thread where it is compiled. */
  async runAsync(batch: Batch): Promise<tf.Tensor[]> {
    const kind = this.#find(batch);
    if (!kind?.compiled) return this.#compute(batch, kind);
    const { compiled, pace } = kind;
    const begun = performance.now();
    const computed = await compiled.runAsync(batch);
    pace.least = Math.min(pace.least, performance.now() - begun);
    pace.steps++;
    return this.#finish(compiled, computed);
  }

  /** How many batches like this one are worth a call now. */
  stepsAtOnce(batch: Batch): number {
    const { compiled, pace } = this.#find(batch) ?? {};
    if (compiled?.runSteps === undefined) return 1;
    // The rate of a step may follow from whether the one before has overflowed.
    if (lossScaleOf(this.#options.optimizer!()!)) return 1;
    // On a GPU it has not been measured.
    return currentRuntime()!.context.device.isGpu ? 1 : stepsAtOnce(pace!);
  }

  /** Trains on batches of one kind, as many as {@link stepsAtOnce} has said, in one call. Outputs are `[batches]`. */
  async runStepsAsync(batches: readonly Batch[]): Promise<tf.Tensor[]> {
    const compiled = this.#find(batches[0]!)?.compiled;
    // Each is counted before it has run, because the learning rate of the next one may follow from the count.
    if (compiled?.runSteps) return compiled.runSteps(batches, () => countStep(this.#options.optimizer!()!));
    // Somebody has changed the model since.
    const outputs: tf.Tensor[][] = [];
    for (const batch of batches) outputs.push(await this.runAsync(batch));
    const stacked = outputs[0]!.map((_, index) => tf.stack(outputs.map((each) => each[index]!)));
    tf.dispose(outputs);
    return stacked;
  }

  /** The kind of a batch; undefined where nothing is to be compiled. */
  #find(batch: Batch): Kind | undefined {
    const { kinds, dependsOn, isOff } = this.#options;
    if (isOff?.() === true || currentRuntime() === undefined) return undefined;
    const now = dependsOn();
    if (!isSame(this.#madeFor, now)) closeKinds(kinds);
    this.#madeFor = now;
    const key = keyOf(batch);
    let kind = kinds.get(key);
    if (kind === undefined) {
      const [oldest] = kinds.keys();
      if (kinds.size >= mostKinds && oldest !== undefined) {
        kinds.get(oldest)!.compiled?.close();
        kinds.delete(oldest);
      }
      kinds.set(key, (kind = { seen: 0, pace: { steps: 0, least: Infinity } }));
    }
    return kind;
  }

  #compute(batch: Batch, kind: Kind | undefined): tf.Tensor[] {
    const { patience = 0 } = this.#options;
    const wanted = kind !== undefined && kind.reason === undefined && kind.seen++ >= patience;
    const seed = tf.tensor1d(newSeed(), "int32");
    const tensors = batch.rows ? gather(batch) : batch.tensors;
    const compute = (): Computed => withSeed(seed, () => this.#options.compute(tensors as tf.Tensor[]));
    try {
      const runtime = wanted ? currentRuntime() : undefined;
      if (runtime === undefined) return this.#apply(compute());
      return this.#recordAndCompile(runtime, kind!, { batch, tensors, seed, compute });
    } finally {
      seed.dispose();
      if (batch.rows) tf.dispose(tensors as tf.Tensor[]);
    }
  }

  #recordAndCompile(
    runtime: Runtime,
    kind: Kind,
    {
      batch,
      tensors,
      seed,
      compute,
    }: { batch: Batch; tensors: Batch["tensors"]; seed: tf.Tensor1D; compute: () => Computed },
  ): tf.Tensor[] {
    const { say, weights = () => [], constraints = () => [] } = this.#options;
    const optimizer = this.#options.optimizer?.();
    const { outputs, recorded } = changesByItself(optimizer)
      ? recordWithUpdate(runtime, optimizer, {
          ...{ tensors, seed, compute },
          ...{ weights: weights(), constraints: constraints() },
        })
      : this.#recordAndApply(runtime, { tensors, seed, compute });
    // A layer may make a tensor with its first batch and keep it. One that does so with each has a state.
    if (recorded.keeps && kind.again !== true) {
      kind.again = true;
      return outputs;
    }
    try {
      kind.reason = recorded.keeps ? "a layer keeps what it computes" : recorded.recording.unrepeatable;
      if (kind.reason === undefined) kind.compiled = compile(runtime, recorded, batch, optimizer);
    } catch (error) {
      kind.reason = (error as Error).message;
    }
    if (kind.reason !== undefined) say(kind.reason);
    return outputs;
  }

  #recordAndApply(
    runtime: Runtime,
    { compute, ...given }: Given & { compute: () => Computed },
  ): { outputs: tf.Tensor[]; recorded: Recorded } {
    const { computed, recorded } = record(runtime, given, compute);
    // The first update makes the optimizer's slots, which the compiled step needs.
    const outputs = this.#update(computed);
    const constraints = recordConstraints(runtime, this.#options.constraints?.() ?? []);
    return { outputs, recorded: { ...recorded, constraints } };
  }

  #finish({ updates }: Compiled, computed: Computed): tf.Tensor[] {
    if (!updates) return this.#apply(computed);
    countStep(this.#options.optimizer!()!);
    return computed.outputs;
  }

  /** Lets the optimizer and the constraints change the weights, and frees the gradients. */
  #apply(computed: Computed): tf.Tensor[] {
    const outputs = this.#update(computed);
    if (computed.gradients.length > 0) constrain(this.#options.constraints?.() ?? []);
    return outputs;
  }

  #update({ outputs, gradients, finite }: Computed): tf.Tensor[] {
    if (gradients.length === 0) return outputs;
    const isFinite = finite === undefined || finite.dataSync()[0] === 1;
    finite?.dispose();
    const optimizer = this.#options.optimizer!()!;
    if (!isFinite) {
      for (const { tensor } of gradients) tensor?.dispose();
      // The scale of the loss, which knows that it was skipped, takes it back.
      countStep(optimizer);
      return outputs;
    }
    const runtime = currentRuntime();
    const update = runtime && updateOf(optimizer);
    if (update) {
      applyUpdate(runtime, update, optimizer, gradients);
      countStep(optimizer);
    } else {
      optimizer.applyGradients(
        gradients.map(({ variable, tensor }) => ({ name: variable.name, tensor: tensor! })),
      );
    }
    for (const { tensor } of gradients) tensor?.dispose();
    return outputs;
  }
}

/** The rows of a batch as tensors of their own. */
function gather({ tensors, rows }: Batch): tf.Tensor[] {
  return tf.tidy(() => {
    const numbers = tf.tensor1d(rows!, "int32");
    return tensors.map((tensor) => tf.gather(tensor!, numbers));
  });
}

function keyOf({ tensors, rows }: Batch): string {
  const shapes = tensors.map((tensor) => (tensor === null ? "" : `${tensor.dtype}[${tensor.shape.join()}]`));
  return rows === undefined ? shapes.join(" ") : `${String(rows.length)} of ${shapes.join(" ")}`;
}

function isSame(before: readonly unknown[], now: readonly unknown[]): boolean {
  return before.length === now.length && before.every((each, index) => each === now[index]);
}
