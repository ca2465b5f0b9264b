// All of MNIST from Keras' cache, ours and Keras', in turns. Needs the idx files: CONVOSCOPE_DATA, else the directory beside the checkout.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root, runNode, runPython } from "../python.mjs";
import { compare } from "../statistics.mjs";

export async function measureDatasets({ rounds = 3, times = 3 } = {}) {
  const data = process.env.CONVOSCOPE_DATA ?? join(root, "../shared/data");
  const home = mkdtempSync(join(tmpdir(), "convoscope-bench-"));
  mkdirSync(join(home, "datasets"));
  process.env.KERAS_HOME = home;
  const ours = [];
  const keras = [];
  try {
    const npz = join(home, "datasets/mnist.npz");
    await runPython("bench/datasets/make_npz.py", [join(data, "mnist"), npz]);
    for (let round = 0; round < rounds; round++) {
      ours.push(...(await runNode("bench/datasets/convoscope_mnist.mjs", [times])));
      keras.push(...(await runPython("bench/datasets/keras_mnist.py", [times])));
    }
  } finally {
    delete process.env.KERAS_HOME;
    rmSync(home, { recursive: true, force: true });
  }
  // Ours are float32 tensors in TensorFlow's memory, Keras' are arrays of bytes.
  return [compare("MNIST, 70,000 pictures from Keras' cache", "s", ours, "Keras", keras)];
}
