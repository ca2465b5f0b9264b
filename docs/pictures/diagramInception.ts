// The branches of InceptionV3
import { applications, diagram, type View } from "convoscope";

export default async function draw(): Promise<View> {
  return diagram(await applications.inceptionV3({ weights: null }));
}
