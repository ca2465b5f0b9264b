import "./freezing.ts";
import { decodePredictions } from "./applications/decodePredictions.ts";
import { inceptionV3 } from "./applications/inceptionV3.ts";
import { mobileNet } from "./applications/mobileNet.ts";
import { preprocessCaffe, preprocessTf } from "./applications/preprocessInput.ts";
import { vgg16 } from "./applications/vgg16.ts";

/**
 * Networks that are known by name, each with what its pictures need before and its scores after:
 *
 * ```ts
 * const { mobileNet } = applications;
 * const model = await mobileNet({ alpha: 0.25 });
 * const image = await loadImage("cat.jpg", { targetSize: [224, 224] });
 * mobileNet.decodePredictions(model.predict(mobileNet.preprocessInput(image).expandDims(0)));
 * ```
 */
export const applications = {
  vgg16: Object.assign(vgg16, { preprocessInput: preprocessCaffe, decodePredictions }),
  inceptionV3: Object.assign(inceptionV3, { preprocessInput: preprocessTf, decodePredictions }),
  mobileNet: Object.assign(mobileNet, { preprocessInput: preprocessTf, decodePredictions }),
};
