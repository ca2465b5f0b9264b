// How the weights of a small network move while it learns shapes
import {
  datasets,
  fit,
  histograms,
  imageDataGenerator,
  recordHistograms,
  setRandomSeed,
  tf,
  type View,
} from "convoscope";

export default async function draw(): Promise<View> {
  setRandomSeed(1);
  const { train } = await datasets.shapes({ directory: "data/shapes" });
  const pictures = imageDataGenerator({ rescale: 1 / 255 }).flowFromDirectory(train, {
    targetSize: [28, 28],
    seed: 1,
  });
  const model = tf.sequential({
    name: "shapes",
    layers: [
      tf.layers.conv2d({
        inputShape: [28, 28, 3],
        filters: 16,
        kernelSize: 3,
        activation: "relu",
        name: "conv",
      }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 32, activation: "relu", name: "hidden" }),
      tf.layers.dense({ units: 3, activation: "softmax", name: "output" }),
    ],
  });
  model.compile({ optimizer: "adam", loss: "categoricalCrossentropy" });
  const record = recordHistograms();
  await fit(model, pictures, { epochs: 20, callbacks: [record], verbose: 0 });
  return histograms(record);
}
