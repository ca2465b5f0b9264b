import { currentRuntime } from "../../tensorflow/runtime.ts";
import { tf } from "../../tensorflow/tf.ts";
import type { TrainableModel } from "../training/trainableModel.ts";
import { compileStep, type CompiledStep } from "./compileStep.ts";
import { newSeed, withSeed } from "./stepSeed.ts";
import { applyGradients, computeGradients, recordStep, type Computed } from "./recordStep.ts";

type TrainFunction = (tensors: tf.Tensor[]) => tf.Scalar[];

/** A step of some shapes: compiled, or why it cannot be. */
type Step = CompiledStep | { reason: string };

/** Steps by the shapes of their batches. */
export type Steps = Map<string, Step>;

/** Frees compiled steps. */
export function closeSteps(steps: Steps): void {
  for (const step of steps.values()) if (!("reason" in step)) step.close();
  steps.clear();
}

/** Compiled steps that a model may have at a time. Batches of more shapes than these are rare: text, mostly. */
const mostSteps = 16;

/** What a compiled step was made for: where one of these is another, it is of no use. */
interface Made {
  optimizer: tf.Optimizer;
  rest: unknown[];
}

/** The training steps of one model: each is recorded with its first batch of some shapes, and one call of TensorFlow from then on. */
export class CompiledTraining {
  readonly #model: TrainableModel;
  readonly #makeTrainFunction: () => TrainFunction;
  readonly #say: (reason: string) => void;
  readonly #steps: Steps;
  #made: Made | undefined;

  constructor(
    model: TrainableModel,
    makeTrainFunction: () => TrainFunction,
    { steps, say }: { steps: Steps; say: (reason: string) => void },
  ) {
    this.#steps = steps;
    this.#model = model;
    this.#makeTrainFunction = makeTrainFunction;
    this.#say = say;
  }

  /** Trains on a batch: inputs, targets, weights of samples. Returns loss and metrics. */
  run(tensors: tf.Tensor[]): tf.Scalar[] {
    const step = this.#find(tensors);
    if (step === undefined) return this.#first(tensors);
    if ("reason" in step) return this.#eager(tensors);
    const { scalars, gradients } = step.run(tensors);
    return this.#finish(step, scalars, gradients);
  }

  /** The same, with the work on another thread where it is compiled. */
  async runAsync(tensors: tf.Tensor[]): Promise<tf.Scalar[]> {
    const step = this.#find(tensors);
    if (step === undefined || "reason" in step) return this.run(tensors);
    const { scalars, gradients } = await step.runAsync(tensors);
    return this.#finish(step, scalars, gradients);
  }

  #find(tensors: readonly tf.Tensor[]): Step | undefined {
    const made = { optimizer: this.#model.optimizer_!, rest: this.#whatItDependsOn() };
    if (!isSame(this.#made, made)) closeSteps(this.#steps);
    this.#made = made;
    return this.#steps.get(keyOf(tensors));
  }

  #whatItDependsOn(): unknown[] {
    const { lossFunctions, metricsTensors, collectedTrainableWeights, layers } = this.#model;
    return [
      ...[lossFunctions, metricsTensors, collectedTrainableWeights],
      ...layers.map(({ trainable }) => trainable),
    ];
  }

  #compute(tensors: tf.Tensor[], seed: tf.Tensor1D): Computed {
    return withSeed(seed, () => computeGradients(this.#model, this.#makeTrainFunction, tensors));
  }

  #eager(tensors: tf.Tensor[]): tf.Scalar[] {
    const seed = tf.tensor1d(newSeed(), "int32");
    try {
      const { scalars, gradients } = this.#compute(tensors, seed);
      applyGradients(this.#model.optimizer_!, gradients);
      return scalars;
    } finally {
      seed.dispose();
    }
  }

  /** Computes a batch of new shapes as any, and compiles the step meanwhile. */
  #first(tensors: tf.Tensor[]): tf.Scalar[] {
    const runtime = currentRuntime();
    if (runtime === undefined) return this.#eager(tensors);
    const seed = tf.tensor1d(newSeed(), "int32");
    const compute = (): Computed => this.#compute(tensors, seed);
    const { computed, recorded } = recordStep(runtime, { tensors, seed }, compute);
    seed.dispose();
    const optimizer = this.#model.optimizer_!;
    // The first update makes the optimizer's slots, which the compiled step needs.
    applyGradients(optimizer, computed.gradients);
    let step: Step;
    try {
      const reason = recorded.recording.unrepeatable;
      step = reason === undefined ? compileStep(runtime, recorded, optimizer) : { reason };
    } catch (error) {
      step = { reason: (error as Error).message };
    }
    if ("reason" in step) this.#say(step.reason);
    this.#add(keyOf(tensors), step);
    return computed.scalars;
  }

  #add(key: string, step: Step): void {
    const [oldest] = this.#steps.keys();
    if (this.#steps.size >= mostSteps && oldest !== undefined) {
      const dropped = this.#steps.get(oldest)!;
      if (!("reason" in dropped)) dropped.close();
      this.#steps.delete(oldest);
    }
    this.#steps.set(key, step);
  }

  #finish(step: CompiledStep, scalars: tf.Scalar[], gradients: Computed["gradients"]): tf.Scalar[] {
    const optimizer = this.#model.optimizer_!;
    if (step.updates) (optimizer as unknown as { incrementIterations(): void }).incrementIterations();
    else applyGradients(optimizer, gradients);
    return scalars;
  }
}

function keyOf(tensors: readonly (tf.Tensor | null)[]): string {
  return tensors
    .map((tensor) => (tensor === null ? "" : `${tensor.dtype}[${tensor.shape.join()}]`))
    .join(" ");
}

function isSame(before: Made | undefined, now: Made): boolean {
  return (
    before?.optimizer === now.optimizer &&
    before.rest.length === now.rest.length &&
    before.rest.every((each, index) => each === now.rest[index])
  );
}
