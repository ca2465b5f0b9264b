// Filters that say nothing about any digit
import { datasets, deadFilters, loadModel, type View } from "convoscope";

export default async function draw(): Promise<View> {
  const { xTest } = await datasets.mnist();
  const model = await loadModel(`${process.env.CONVOSCOPE_DATA}/keras-files/cypherhk_mnist_cnn_model.keras`);
  return deadFilters(model, xTest.slice(0, 512).div(255).expandDims(-1));
}
