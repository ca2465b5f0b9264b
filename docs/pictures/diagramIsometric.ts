// VGG16 as blocks
import { applications, diagram, type View } from "convoscope";

export default async function draw(): Promise<View> {
  return diagram(await applications.vgg16({ weights: null }), { style: "isometric" });
}
