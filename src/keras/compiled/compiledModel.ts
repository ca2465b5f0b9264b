import { tf } from "../../tensorflow/tf.ts";
import type { TrainableModel } from "../training/trainableModel.ts";
import { closeKinds, CompiledComputation, type Kinds } from "./compiledComputation.ts";
import { evaluateBatch, trainOnBatch } from "./modelSteps.ts";
import { constraintsOf } from "./constraints.ts";
import type { ModelMethods } from "./modelMethods.ts";

/** What is compiled of one model. */
export class CompiledModel {
  /** Training: inputs, targets and weights of samples in; loss and metrics out. */
  readonly training: CompiledComputation;
  /** Evaluation: inputs and targets in; loss and metrics out. */
  readonly test: CompiledComputation;
  /** Prediction: inputs in, outputs out. */
  readonly prediction: CompiledComputation;
  /** Frees it. Knows nothing of the model, so that the model can be gone by then. */
  readonly close: () => void;

  /** @param predictLoop TensorFlow.js's own */
  constructor(model: TrainableModel, predictLoop: ModelMethods["predictLoop"]) {
    const say = sayOnce(model.name);
    const [training, test, prediction] = [newKinds(), newKinds(), newKinds()];
    this.close = closeAll([training, test, prediction]);
    const layers = (): unknown[] => allLayers(model.layers).map(({ trainable }) => trainable);
    const losses = (): unknown[] => [model.lossFunctions, model.metricsTensors];
    // Whoever differentiates a prediction, or listens to a layer, wants its operations; a layer that is disposed says so there.
    const isOff = (): boolean =>
      tf.engine().state.gradientDepth > 0 || allLayers(model.layers).some(hasToBeCalled);

    this.training = new CompiledComputation({
      compute: (tensors) => trainOnBatch(model, tensors),
      optimizer: () => model.optimizer_,
      weights: () => model.collectedTrainableWeights.map((weight) => weight.read()),
      constraints: () => constraintsOf(model),
      dependsOn: () => [model.optimizer_, model.collectedTrainableWeights, ...losses(), ...layers()],
      ...{ isOff, say, kinds: training },
    });
    this.test = new CompiledComputation({
      compute: (tensors) => ({ outputs: evaluateBatch(model, tensors), gradients: [] }),
      dependsOn: losses,
      ...{ isOff, say, kinds: test, patience: 1 },
    });
    this.prediction = new CompiledComputation({
      compute: (tensors) => {
        const outputs = predictLoop.call(model, tensors, tensors[0]!.shape[0]);
        return { outputs: [outputs].flat(), gradients: [] };
      },
      dependsOn: () => [],
      ...{ isOff, say, kinds: prediction, patience: 1 },
    });
  }
}

function newKinds(): Kinds {
  return new Map();
}

/** A function of its own: what is defined beside others keeps alive what they know, and they know the model. */
function closeAll(kinds: Kinds[]): () => void {
  return () => kinds.forEach(closeKinds);
}

/** The members of a layer that its types hide. */
interface HiddenLayer {
  trainable: boolean;
  /** Of a model within a model. */
  layers?: HiddenLayer[];
  _callHook: unknown;
  /** How many models have the layer; null before the first, 0 when it is disposed. */
  _refCount: number | null;
}

/** Layers, and those of models among them. */
function allLayers(layers: readonly unknown[]): HiddenLayer[] {
  return (layers as HiddenLayer[]).flatMap((layer) =>
    layer.layers === undefined ? [layer] : [layer, ...allLayers(layer.layers)],
  );
}

function hasToBeCalled({ _callHook, _refCount }: HiddenLayer): boolean {
  return _callHook !== null || _refCount === 0;
}

function sayOnce(name: string): (reason: string) => void {
  const said = new Set<string>();
  return (reason) => {
    if (said.has(reason)) return;
    said.add(reason);
    process.stderr.write(`convoscope: "${name}" is not compiled, and slower so: ${reason}\n`);
  };
}
