// Usage: convoscope_summary.mjs ROUNDS: prints how many milliseconds a summary takes of VGG16 and of InceptionV3, one number a round, and
// an update of liveCurves with four curves of 100 epochs.
import { applications, liveCurves, summary, tf } from "../../dist/index.js";
import { setHost } from "../../dist/jupyter/host.js";

const rounds = Number(process.argv[2]);
const result = { vgg16: [], inceptionV3: [], live: [], bytes: 0 };
for (const name of ["vgg16", "inceptionV3"]) {
  const model = await applications[name]({ weights: null });
  for (let round = -3; round < rounds; round++) {
    const started = performance.now();
    summary(model);
    if (round >= 0) result[name].push(performance.now() - started);
  }
  model.dispose();
}

// The callback draws at once when an epoch begins; what the notebook does with it is not counted.
const model = tf.sequential({ layers: [tf.layers.dense({ inputShape: [1], units: 1 })] });
model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
for (let round = -3; round < rounds; round++) {
  const live = liveCurves({ perSecond: 5 });
  live.setParams({ epochs: 200, steps: 10 });
  live.setModel(model);
  setHost({ notebook: false, display() {} });
  await live.onTrainBegin();
  for (let i = 0; i < 100; i++) {
    await live.onEpochEnd(i, {
      loss: 1 / (i + 1),
      val_loss: 2 / (i + 1),
      accuracy: i / 100,
      val_accuracy: i / 120,
    });
  }
  let bytes = 0;
  setHost({ notebook: true, display: ({ data }) => void (bytes = JSON.stringify(data).length) });
  const started = performance.now();
  await live.onEpochBegin(100);
  const taken = performance.now() - started;
  await new Promise((done) => setTimeout(done, 5));
  if (round >= 0) result.live.push(taken);
  result.bytes = bytes;
}
process.stdout.write(`${JSON.stringify(result)}\n`);
process.exit(0);
