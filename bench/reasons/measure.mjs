// SmoothGrad and integrated gradients of a small network: 50 pictures in one batch, and one at a time.
import { runNode } from "../python.mjs";
import { compare } from "../statistics.mjs";

export async function measureReasons({ rounds = 5 } = {}) {
  const { smoothGrad, integratedGradients } = await runNode("bench/reasons/convoscope_reasons.mjs", [rounds]);
  return [
    compare("SmoothGrad, 50 samples at once", "ms", smoothGrad.batched, "one at a time", smoothGrad.single),
    compare(
      "integrated gradients, 50 steps at once",
      "ms",
      integratedGradients.batched,
      "one at a time",
      integratedGradients.single,
    ),
  ];
}
