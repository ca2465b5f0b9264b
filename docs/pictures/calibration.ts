// Whether a network is as often right as it says
import { calibration, datasets, loadModel, type View } from "convoscope";

export default async function draw(): Promise<View> {
  const { xTest, yTest } = await datasets.mnist();
  const model = await loadModel(`${process.env.CONVOSCOPE_DATA}/keras-files/cypherhk_mnist_cnn_model.keras`);
  const x = xTest.div(255).expandDims(-1);
  return calibration(model, { x, y: yTest });
}
