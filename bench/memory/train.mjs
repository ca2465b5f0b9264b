// Trains a small net for many epochs and prints the RSS in MB after a tenth, a half and all of them, and the tensors that were left.
// "new models" makes a model for every ten epochs, as one does who tries things, and frees none of them.
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { root } from "../python.mjs";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc");
const [way, epochs] = [process.argv[2], Number(process.argv[3])];
const { tf, fit } = await import(join(root, "dist/index.js"));

const x = tf.randomUniform([128, 12, 12, 1]);
const y = tf.oneHot(
  tf.tensor1d(
    Array.from({ length: 128 }, (_, index) => index % 4),
    "int32",
  ),
  4,
);

function newModel() {
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ inputShape: [12, 12, 1], filters: 8, kernelSize: 3, activation: "relu" }),
      tf.layers.dropout({ rate: 0.2 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 4, activation: "softmax" }),
    ],
  });
  model.compile({ optimizer: "adam", loss: "categoricalCrossentropy", metrics: ["accuracy"] });
  return model;
}

async function train(model, count) {
  if (way === "model.fit") await model.fit(x, y, { epochs: count, batchSize: 32, verbose: 0 });
  else await fit(model, { x, y }, { epochs: count, batchSize: 32, verbose: 0 });
}

async function memory() {
  collect();
  // The collector reports in tasks of their own.
  await new Promise((resolve) => setTimeout(resolve, 100));
  return Math.round(process.memoryUsage().rss / 2 ** 20);
}

let model = newModel();
await train(model, 1);
const before = tf.memory().numTensors;
const marks = [];
const step = epochs / 10;
for (let tenth = 1; tenth <= 10; tenth++) {
  for (let done = 0; done < step; done += 10) {
    if (way === "new models") model = newModel();
    await train(model, Math.min(10, step - done));
  }
  if ([1, 5, 10].includes(tenth)) marks.push(await memory());
}
process.stdout.write(JSON.stringify({ marks, tensors: tf.memory().numTensors - before }));
