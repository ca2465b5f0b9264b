// The score shared out among the pixels, by a network from a Keras file
import { datasets, integratedGradients, loadImage, loadModel, type View } from "convoscope";

export default async function draw(): Promise<View> {
  const { test, classNames } = await datasets.shapes();
  const model = await loadModel(`${process.env.CONVOSCOPE_DATA}/keras-files/stormcodi_shape_classifier.h5`);
  const drawing = await loadImage(`${test}/triangles/drawing(2).png`);
  const image = drawing.div(255);
  return integratedGradients(model, image, { steps: 100, baseline: "white", classNames });
}
