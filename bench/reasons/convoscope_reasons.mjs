// Usage: convoscope_reasons.mjs ROUNDS: prints {"smoothGrad": {"batched": […], "single": […]}, …}: milliseconds for each picture.
import { integratedGradients, smoothGrad, tf } from "../../dist/index.js";

const conv = (filters, first = {}) =>
  tf.layers.conv2d({ filters, kernelSize: 3, padding: "same", activation: "relu", ...first });
const model = tf.sequential({
  layers: [
    conv(32, { inputShape: [28, 28, 3] }),
    conv(32),
    tf.layers.maxPooling2d({ poolSize: 2 }),
    tf.layers.dropout({ rate: 0.5 }),
    conv(64),
    tf.layers.maxPooling2d({ poolSize: 2 }),
    tf.layers.flatten(),
    tf.layers.dense({ units: 128, activation: "relu" }),
    tf.layers.dense({ units: 10, activation: "softmax" }),
  ],
});
const image = tf.randomUniform([28, 28, 3], 0, 1, "float32", 1);
const ways = {
  smoothGrad: (batchSize) => smoothGrad(model, image, { samples: 50, batchSize, validitySteps: 0 }),
  integratedGradients: (batchSize) =>
    integratedGradients(model, image, { steps: 50, batchSize, validitySteps: 0 }),
};

const found = {};
for (const [name, draw] of Object.entries(ways)) {
  const milliseconds = { batched: [], single: [] };
  for (let round = -1; round < Number(process.argv[2]); round++) {
    for (const [way, batchSize] of Object.entries({ batched: 64, single: 1 })) {
      const started = performance.now();
      await draw(batchSize);
      if (round >= 0) milliseconds[way].push(performance.now() - started);
    }
  }
  found[name] = milliseconds;
}
process.stdout.write(`${JSON.stringify(found)}\n`);
