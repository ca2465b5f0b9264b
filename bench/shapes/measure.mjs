// The whole lesson on shapes: from process start to finished file, ours and the same steps in Python with Keras and matplotlib,
// one after the other, on the same pictures, once for each seed. The two draw other numbers from the same seed.
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { root, runPython } from "../python.mjs";
import { compare, median } from "../statistics.mjs";

const exec = promisify(execFile);

export async function measureShapes({ seeds = [1, 2, 3, 4, 5, 6, 7], epochs = 30 } = {}) {
  const { datasets } = await import(join(root, "dist/index.js"));
  const pictures = dirname((await datasets.shapes()).train);
  const directory = mkdtempSync(join(tmpdir(), "convoscope-bench-"));
  const ours = [];
  const keras = [];
  try {
    for (const seed of seeds) {
      ours.push(await runLesson(directory, { epochs, seed }));
      const started = performance.now();
      const stages = await runPython("bench/shapes/keras_shapes.py", [pictures, directory, epochs, seed]);
      keras.push({ ...stages, total: (performance.now() - started) / 1000 });
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  const of = (runs, stage) => runs.map((run) => run[stage]);
  return [
    compare(
      `lesson, ${epochs} epochs, start to finished file`,
      "s",
      of(ours, "total"),
      "Keras",
      of(keras, "total"),
    ),
    compare("lesson, training alone", "s", of(ours, "fit"), "Keras", of(keras, "fit")),
    compare(
      "lesson, one channel and the 12 grids, forward pass included",
      "s",
      of(ours, "grids"),
      "matplotlib",
      of(keras, "grids"),
    ),
    `lesson, best validation accuracy by seed: ${accuracies("Convoscope", of(ours, "best"))}; ${accuracies("Keras", of(keras, "best"))}`,
  ];
}

async function runLesson(directory, parameters) {
  const output = join(directory, "lesson.ipynb");
  const notebook = join(root, "notebooks/03-shapes.ipynb");
  const started = performance.now();
  await exec(process.execPath, [
    ...[join(root, "dist/cli/main.js"), "run", notebook],
    ...["--output", output],
    ...Object.entries(parameters).flatMap(([name, value]) => ["--param", `${name}=${value}`]),
  ]);
  const total = (performance.now() - started) / 1000;
  const { cells } = JSON.parse(readFileSync(output, "utf8"));
  const secondsOf = (pattern) =>
    cells
      .filter(({ cell_type, source }) => cell_type === "code" && pattern.test([source].flat().join("")))
      .map(seconds)
      .reduce((a, b) => a + b, 0);
  const [, best] = /validation accuracy ([\d.]+)/.exec(JSON.stringify(cells.map(({ outputs }) => outputs)));
  return { total, best: Number(best), fit: secondsOf(/await fit\(/), grids: secondsOf(/^activations\(/) };
}

function accuracies(name, values) {
  return `${name} ${values.map((value) => value.toFixed(3)).join(" ")}, median ${median(values).toFixed(3)}`;
}

/** How long a cell took by the times that the runner keeps in it, as JupyterLab does. */
function seconds({ metadata: { execution } }) {
  return (Date.parse(execution["shell.execute_reply"]) - Date.parse(execution["iopub.execute_input"])) / 1000;
}
