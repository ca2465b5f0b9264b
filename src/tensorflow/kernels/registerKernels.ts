import { improveActivationGradients } from "./activationGradients.ts";
import { improveBias } from "./bias.ts";
import { improveMatMul } from "./matMul.ts";

let registered = false;

/** Gives the kernels of tfjs-node their better ways; they are the same for every backend of its kind. */
export function registerKernels(): void {
  if (registered) return;
  registered = true;
  improveBias();
  improveMatMul();
  improveActivationGradients();
}
