// The layers of VGG16 and what each costs
import { applications, summary, type View } from "convoscope";

export default async function draw(): Promise<View> {
  const model = await applications.vgg16({ weights: null });
  return summary(model);
}
