// The pixels that a score depends on
import { applications, loadImage, saliency, type View } from "convoscope";

export default async function draw(): Promise<View> {
  const model = await applications.mobileNet({ alpha: 0.25 });
  const photo = await loadImage(`${process.env.CONVOSCOPE_DATA}/imagenet/cat.jpg`, {
    targetSize: [224, 224],
    interpolation: "bilinear",
  });
  const image = applications.mobileNet.preprocessInput(photo);
  return saliency(model, image, { title: "What MobileNet's Egyptian cat depends on" });
}
