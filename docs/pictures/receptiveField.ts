// What one unit of MobileNet's fifth block sees of a photo
import { applications, loadImage, receptiveField, type View } from "convoscope";

export default async function draw(): Promise<View> {
  const weights = "data/mobilenet_2_5_224_tf.h5";
  const model = await applications.mobileNet({ alpha: 0.25, weights });
  const photo = `${process.env.CONVOSCOPE_DATA ?? "data"}/imagenet/chelsea.png`;
  const image = await loadImage(photo, { targetSize: [224, 224] });
  return receptiveField(model, "conv_pw_5_relu", { unit: [13, 9], image });
}
