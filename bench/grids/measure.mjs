// The grids of the first 12 layers of the shapes net after the forward pass, PNG included, ours and matplotlib's (Chollet's
// recipe), from the same activations.
import { runNode, runPython } from "../python.mjs";
import { compare } from "../statistics.mjs";

export async function measureGrids({ rounds = 5 } = {}) {
  const { milliseconds: ours } = await runNode("bench/grids/convoscope_grids.mjs", [rounds]);
  const { milliseconds: matplotlib } = await runPython("bench/grids/matplotlib_grids.py", [rounds]);
  return [compare("12 grids after the forward pass", "ms", ours, "matplotlib", matplotlib)];
}
