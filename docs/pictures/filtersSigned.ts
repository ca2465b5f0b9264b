// The kernels of a deeper layer of MobileNet, for each filter and channel
import { applications, filters, type View } from "convoscope";

export default async function draw(): Promise<View> {
  const weights = "data/mobilenet_2_5_224_tf.h5";
  return filters(await applications.mobileNet({ alpha: 0.25, weights }), "conv_pw_2");
}
