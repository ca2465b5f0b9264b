// Three optimizers on the shapes, over one another
import {
  curves,
  datasets,
  fit,
  imageDataGenerator,
  setRandomSeed,
  tf,
  type History,
  type View,
} from "convoscope";

export default async function draw(): Promise<View> {
  const { train, test } = await datasets.shapes({ directory: "data/shapes" });
  const pictures = imageDataGenerator({ rescale: 1 / 255 });
  const targetSize = [28, 28] as const;
  const histories: Record<string, History> = {};
  for (const optimizer of ["sgd", "rmsprop", "adam"]) {
    setRandomSeed(1);
    const model = tf.sequential({
      layers: [
        tf.layers.conv2d({ inputShape: [28, 28, 3], filters: 16, kernelSize: 3, activation: "relu" }),
        tf.layers.maxPooling2d({ poolSize: 2 }),
        tf.layers.flatten(),
        tf.layers.dense({ units: 3, activation: "softmax" }),
      ],
    });
    model.compile({ optimizer, loss: "categoricalCrossentropy", metrics: ["accuracy"] });
    histories[optimizer] = await fit(model, pictures.flowFromDirectory(train, { targetSize, seed: 1 }), {
      epochs: 20,
      validationData: pictures.flowFromDirectory(test, { targetSize, shuffle: false }),
      verbose: 0,
    });
  }
  return curves(histories, { title: "Three optimizers" });
}
