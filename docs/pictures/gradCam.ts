// Where a network sees evidence for a class
import { readFile } from "node:fs/promises";
import { applications, gradCam, loadImage, type View } from "convoscope";

export default async function draw(): Promise<View> {
  const model = await applications.mobileNet({ alpha: 0.25 });
  const photo = await loadImage(`${process.env.CONVOSCOPE_DATA}/imagenet/elephants.jpg`, {
    targetSize: [224, 224],
    interpolation: "bilinear",
  });
  const index = JSON.parse(await readFile("data/imagenet_class_index.json", "utf8")) as Record<
    string,
    [string, string]
  >;
  const classNames = Object.values(index).map(([, name]) => name.replaceAll("_", " "));
  return gradCam(model, applications.mobileNet.preprocessInput(photo), { classNames });
}
