import { correctBroadcasting } from "./broadcasting.ts";
import { correctCumsum } from "./cumsum.ts";
import { differentiateDilatedConvolutions } from "./dilatedConvolution.ts";
import { differentiateFusedDilation } from "./fusedDilation.ts";
import { correctMirrorPad } from "./mirrorPad.ts";

let registered = false;

/** Puts right the gradients that TensorFlow.js gets wrong, on every backend, and adds those of dilated convolutions. */
export function registerGradients(): void {
  if (registered) return;
  registered = true;
  correctBroadcasting();
  correctCumsum();
  correctMirrorPad();
  differentiateDilatedConvolutions();
  differentiateFusedDilation();
}
