// Prints, for each number of batches, the milliseconds that an image takes in `fit`: one number a round.
import { join } from "node:path";
import { root } from "../python.mjs";

process.env.CONVOSCOPE_BACKEND = "wasm";
const { batches, rounds } = JSON.parse(process.argv[2]);
const { tf, fit } = await import(join(root, "dist/index.js"));
const batchSize = 32;

const model = tf.sequential({
  layers: [
    tf.layers.conv2d({
      inputShape: [28, 28, 1],
      filters: 32,
      kernelSize: 3,
      padding: "same",
      activation: "relu",
    }),
    tf.layers.conv2d({ filters: 16, kernelSize: 3, padding: "same", activation: "relu" }),
    tf.layers.flatten(),
    tf.layers.dense({ units: 10, activation: "softmax" }),
  ],
});
model.compile({ optimizer: "adam", loss: "categoricalCrossentropy", metrics: ["accuracy"] });

const found = batches.map((count) => ({ count, processor: [], wall: [] }));
await measure(batches[0]);
for (let round = 0; round < rounds; round++) {
  for (const { count, processor, wall } of found) {
    const cost = await measure(count);
    processor.push(cost.processor);
    wall.push(cost.wall);
  }
}
process.stdout.write(JSON.stringify(found));

async function measure(count) {
  const images = count * batchSize;
  const x = tf.randomUniform([images, 28, 28, 1]);
  const y = tf.oneHot(
    tf.tensor1d(
      Array.from({ length: images }, (_, index) => index % 10),
      "int32",
    ),
    10,
  );
  const [started, usage] = [performance.now(), process.cpuUsage()];
  await fit(model, { x, y }, { batchSize, verbose: 0 });
  const { user, system } = process.cpuUsage(usage);
  const wall = (performance.now() - started) / images;
  tf.dispose([x, y]);
  return { processor: (user + system) / 1000 / images, wall };
}
