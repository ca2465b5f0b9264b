// The digits most like one of them in the eyes of a network
import { nearest, datasets, loadModel, type View } from "convoscope";

export default async function draw(): Promise<View> {
  const { xTest, yTest } = await datasets.mnist();
  const model = await loadModel(`${process.env.CONVOSCOPE_DATA}/keras-files/cypherhk_mnist_cnn_model.keras`);
  const x = xTest.div(255).expandDims(-1);
  return nearest(model, x.slice(0, 2000), 4, { k: 11, labels: yTest.slice(0, 2000) });
}
