// LeNet-5 as its paper draws it
import { diagram, tf, type View } from "convoscope";

export default function draw(): View {
  const { conv2d, averagePooling2d, flatten, dense } = tf.layers;
  const activation = "tanh";
  const model = tf.sequential({
    name: "LeNet-5",
    layers: [
      conv2d({ inputShape: [32, 32, 1], filters: 6, kernelSize: 5, activation, name: "C1" }),
      averagePooling2d({ poolSize: 2, name: "S2" }),
      conv2d({ filters: 16, kernelSize: 5, activation, name: "C3" }),
      averagePooling2d({ poolSize: 2, name: "S4" }),
      conv2d({ filters: 120, kernelSize: 5, activation, name: "C5" }),
      flatten({ name: "flatten" }),
      dense({ units: 84, activation, name: "F6" }),
      dense({ units: 10, activation: "softmax", name: "output" }),
    ],
  });
  return diagram(model);
}
