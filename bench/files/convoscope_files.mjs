// Usage: convoscope_files.mjs SOURCE TARGET ROUNDS: loads the model in SOURCE and saves it in TARGET. Prints {"load": [seconds …],
// "save": [seconds …], "loadPeak": MB, "savePeak": MB, "base": MB}: resident memory at most, and before anything is loaded.
import { readFileSync } from "node:fs";
import { loadModel, saveModel, tf } from "../../dist/index.js";

const [source, target, rounds] = process.argv.slice(2);
const megabytes = (field) =>
  Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync("/proc/self/status", "utf8"))[1]) / 1024;
const seconds = async (work) => {
  const started = performance.now();
  const result = await work();
  return [(performance.now() - started) / 1000, result];
};

tf.tidy(() =>
  tf
    .ones([2, 2])
    .matMul(tf.ones([2, 2]))
    .dataSync(),
);
const base = megabytes("VmRSS");
const times = { load: [], save: [] };
let loadPeak = 0;
for (let round = 0; round < Number(rounds); round++) {
  const [load, model] = await seconds(() => loadModel(source, { compile: false }));
  if (round === 0) loadPeak = megabytes("VmHWM");
  const [save] = await seconds(() => saveModel(model, target));
  times.load.push(load);
  times.save.push(save);
  model.dispose();
  globalThis.gc?.();
}
process.stdout.write(`${JSON.stringify({ ...times, base, loadPeak, peak: megabytes("VmHWM") })}\n`);
