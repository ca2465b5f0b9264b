// A 4 and a 9, filter by filter, with the kernels: white is high, filters are numbered from 1
import { activations, datasets, loadModel, type View } from "convoscope";

export default async function draw(): Promise<View> {
  const { xTest } = await datasets.mnist();
  const model = await loadModel(`${process.env.CONVOSCOPE_DATA}/keras-files/cypherhk_mnist_cnn_model.keras`);
  const [four, nine] = [4, 7].map((index) => xTest.slice(index, 1).div(255).expandDims(-1));
  return activations(model, [four!, nine!], {
    layers: 2,
    labels: ["4", "9"],
    colorMap: "gray",
    kernels: true,
    numbers: 1,
    title: "A 4 and a 9",
  });
}
