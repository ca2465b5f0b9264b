// VGG16 as one file of 553 MB, written and read by us and by Keras.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runNode, runPython } from "../python.mjs";
import { compare } from "../statistics.mjs";

export async function measureFiles({ rounds = 3 } = {}) {
  const directory = mkdtempSync(join(tmpdir(), "bench-files-"));
  try {
    const theirs = join(directory, "keras.h5");
    const keras = await runPython("bench/files/keras_files.py", [theirs, rounds]);
    const ours = await runNode("bench/files/convoscope_files.mjs", [
      theirs,
      join(directory, "ours.h5"),
      rounds,
    ]);
    const weights = (138357544 * 4) / 2 ** 20;
    const extra = (peak) => `${(peak - ours.base - weights).toFixed(0)} MB`;
    return [
      compare("VGG16 loaded from .h5, 553 MB", "s", ours.load, "Keras", keras.load),
      compare("VGG16 saved as .h5, 553 MB", "s", ours.save, "Keras", keras.save),
      `memory beyond the library's and the weights': ${extra(ours.loadPeak)} after loading, ${extra(ours.peak)} at most`,
    ];
  } finally {
    rmSync(directory, { recursive: true });
  }
}
