// One filter, many digits, one scale: which digits leave it silent
import { datasets, filterAcross, loadModel, type View } from "convoscope";

export default async function draw(): Promise<View> {
  const { xTest, yTest } = await datasets.mnist();
  const model = await loadModel(`${process.env.CONVOSCOPE_DATA}/keras-files/cypherhk_mnist_cnn_model.keras`);
  const images = xTest.slice(0, 30).div(255).expandDims(-1);
  return filterAcross(model, 0, 3, images, { labels: yTest.slice(0, 30) });
}
