// What a network sees in a picture, made stronger
import { applications, deepDream, loadImage, type View } from "convoscope";

export default async function draw(): Promise<View> {
  const model = await applications.mobileNet({ alpha: 0.25 });
  const photo = await loadImage(`${process.env.CONVOSCOPE_DATA}/imagenet/elephants.jpg`, {
    targetSize: [300, 400],
    interpolation: "bilinear",
  });
  const image = applications.mobileNet.preprocessInput(photo);
  return deepDream(model, image, { layers: ["conv_pw_11_relu"], steps: 20, octaves: 4, width: 860 });
}
