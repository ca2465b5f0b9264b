import { isFirst } from "../memory/engineParts.ts";
import { correctBroadcasting } from "./broadcasting.ts";
import { differentiateGreater } from "./comparison.ts";
import { correctCumsum } from "./cumsum.ts";
import { differentiateDilatedConvolutions } from "./dilatedConvolution.ts";
import { shareAmongEqual } from "./extremes.ts";
import { differentiateFusedDilation } from "./fusedDilation.ts";
import { correctMirrorPad } from "./mirrorPad.ts";

/** Puts right the gradients that TensorFlow.js gets wrong, on every backend, and adds those of dilated convolutions and of Greater. */
export function registerGradients(): void {
  if (!isFirst("registerGradients")) return;
  correctBroadcasting();
  correctCumsum();
  correctMirrorPad();
  shareAmongEqual();
  differentiateDilatedConvolutions();
  differentiateFusedDilation();
  differentiateGreater();
}
