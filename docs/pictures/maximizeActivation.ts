// What the filters of a layer answer to
import { applications, maximizeActivation, type View } from "convoscope";

export default async function draw(): Promise<View> {
  const model = await applications.mobileNet({ alpha: 0.25 });
  return maximizeActivation(model, "conv_pw_5_relu", [0, 1, 2, 3, 4, 6, 7, 8], {
    size: 112,
    range: [-1, 1],
    seed: 1,
  });
}
