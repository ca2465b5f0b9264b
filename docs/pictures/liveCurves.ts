// What stays of the curves that were drawn while a network trained
import { datasets, fit, imageDataGenerator, liveCurves, setRandomSeed, tf, type View } from "convoscope";

export default async function draw(): Promise<View> {
  setRandomSeed(1);
  const { train, test } = await datasets.shapes({ directory: "data/shapes" });
  const pictures = imageDataGenerator({ rescale: 1 / 255 });
  const targetSize = [28, 28] as const;
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ inputShape: [28, 28, 3], filters: 16, kernelSize: 3, activation: "relu" }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 3, activation: "softmax" }),
    ],
  });
  model.compile({ optimizer: "adam", loss: "categoricalCrossentropy", metrics: ["accuracy"] });
  const live = liveCurves({ smoothing: 0.6 });
  await fit(model, pictures.flowFromDirectory(train, { targetSize, seed: 1 }), {
    epochs: 30,
    validationData: pictures.flowFromDirectory(test, { targetSize, shuffle: false }),
    callbacks: [live],
  });
  return live.view!;
}
