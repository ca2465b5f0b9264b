// Drawings, and what a network from a Keras file takes them for
import { datasets, gallery, imageDataGenerator, loadModel, tf, type View } from "convoscope";

export default async function draw(): Promise<View> {
  const { test, classNames } = await datasets.shapes();
  const model = await loadModel(`${process.env.CONVOSCOPE_DATA}/keras-files/stormcodi_shape_classifier.h5`);
  const pictures = imageDataGenerator({ rescale: 1 / 255 }).flowFromDirectory(test, {
    ...{ targetSize: [28, 28], batchSize: 40, seed: 1, classMode: "sparse" },
  });
  for await (const { xs, ys } of pictures) {
    const scores = model.predict(xs) as tf.Tensor;
    return gallery(xs, { labels: ys!, predictions: scores, classNames, title: "Drawings of the test set" });
  }
  throw new Error("no drawing");
}
