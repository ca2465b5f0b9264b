// The classes that a network finds most probable for photos
import { readFile } from "node:fs/promises";
import { applications, loadImage, predictions, type View } from "convoscope";

export default async function draw(): Promise<View> {
  const model = await applications.mobileNet({ alpha: 0.25 });
  const paths = ["elephants.jpg", "cat.jpg"].map((name) => `${process.env.CONVOSCOPE_DATA}/imagenet/${name}`);
  const photos = await Promise.all(
    paths.map((path) => loadImage(path, { targetSize: [224, 224], interpolation: "bilinear" })),
  );
  const index = JSON.parse(await readFile("data/imagenet_class_index.json", "utf8")) as Record<
    string,
    [string, string]
  >;
  return predictions(
    model,
    photos.map((photo) => applications.mobileNet.preprocessInput(photo)),
    { classNames: Object.values(index).map(([, name]) => name.replaceAll("_", " ")), preprocessing: "tf" },
  );
}
