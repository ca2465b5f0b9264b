import { improveActivationGradients } from "./activationGradients.ts";
import { addBatchNormalization } from "./batchNormalization.ts";
import { improveBias } from "./bias.ts";
import { addDenseBincount } from "./denseBincount.ts";
import { improveGather } from "./gather.ts";
import { observeLogits } from "./logits.ts";
import { improveMatMul } from "./matMul.ts";
import { improvePointwiseGradient } from "./pointwiseGradient.ts";
import { addRandomNumbers } from "./randomNumbers.ts";
import { improveResizeGradients } from "./resizeGradients.ts";
import { addSoftmaxCrossEntropy } from "./softmaxCrossEntropy.ts";

let registered = false;

/** Gives the kernels of tfjs-node their better ways, and adds those that training wants besides. */
export function registerKernels(): void {
  if (registered) return;
  registered = true;
  improveBias();
  improveMatMul();
  improveGather();
  improvePointwiseGradient();
  improveResizeGradients();
  improveActivationGradients();
  observeLogits();
  addBatchNormalization();
  addDenseBincount();
  addRandomNumbers();
  addSoftmaxCrossEntropy();
}
