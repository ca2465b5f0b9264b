// How much of what MobileNet's layers say about a photo is nothing at all
import { applications, histograms, loadImage, type View } from "convoscope";

export default async function draw(): Promise<View> {
  const weights = "data/mobilenet_2_5_224_tf.h5";
  const model = await applications.mobileNet({ alpha: 0.25, weights });
  const photo = `${process.env.CONVOSCOPE_DATA ?? "data"}/imagenet/chelsea.png`;
  const image = await loadImage(photo, { targetSize: [224, 224] });
  const data = applications.mobileNet.preprocessInput(image);
  const layers = [
    "conv1_relu",
    "conv_pw_2_relu",
    "conv_pw_5_relu",
    "conv_pw_9_relu",
    "conv_pw_13_relu",
    "predictions",
  ];
  return histograms(model, { of: "activations", layers, data, scale: "log" });
}
