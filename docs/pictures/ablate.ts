// What each filter of a layer contributes, by a network from a Keras file
import { ablate, datasets, loadModel, type View } from "convoscope";

export default async function draw(): Promise<View> {
  const digits = await datasets.mnist();
  const model = await loadModel(`${process.env.CONVOSCOPE_DATA}/keras-files/cypherhk_mnist_cnn_model.keras`);
  const x = digits.xTest.slice(0, 2000).div(255).expandDims(3);
  const y = digits.yTest.slice(0, 2000);
  return ablate(
    model,
    0,
    undefined,
    { x, y },
    { title: "Filters of a digits network that cannot be missed" },
  );
}
