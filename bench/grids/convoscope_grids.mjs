// Usage: convoscope_grids.mjs ROUNDS: prints {"milliseconds": […]}, one number for each drawing of the 12 grids.
import { activations, tf } from "../../dist/index.js";

const block = (filters, first = {}) => [
  tf.layers.conv2d({ filters, kernelSize: 3, padding: "same", activation: "relu", ...first }),
  tf.layers.conv2d({ filters, kernelSize: 3, activation: "relu" }),
  tf.layers.maxPooling2d({ poolSize: 2 }),
  tf.layers.dropout({ rate: 0.5 }),
];
const model = tf.sequential({
  layers: [...block(32, { inputShape: [28, 28, 3] }), ...block(64), ...block(64)],
});
const image = tf.randomUniform([28, 28, 3], 0, 1, "float32", 1);

const milliseconds = [];
for (let round = -1; round < Number(process.argv[2]); round++) {
  // The view computes the activations when it is made and draws them when it is asked for its PNG.
  const view = activations(model, image, { layers: 12 });
  const started = performance.now();
  await view.png();
  if (round >= 0) milliseconds.push(performance.now() - started);
}
process.stdout.write(`${JSON.stringify({ milliseconds })}\n`);
