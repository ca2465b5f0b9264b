// What each layer of a network makes of a drawing
import { activations, datasets, loadImage, loadModel, type View } from "convoscope";

export default async function draw(): Promise<View> {
  const { test } = await datasets.shapes();
  const model = await loadModel(`${process.env.CONVOSCOPE_DATA}/keras-files/stormcodi_shape_classifier.h5`);
  const drawing = await loadImage(`${test}/triangles/drawing(2).png`);
  return activations(model, drawing.div(255), { layers: 12, title: "A triangle on its way" });
}
