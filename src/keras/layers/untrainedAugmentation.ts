import { InputError } from "../../errors.ts";
import { tf } from "../../tensorflow/tf.ts";
import { KerasLayer, only, type Kwargs, type LayerArgs } from "./kerasLayer.ts";

/**
 * Layers of Keras 3 that change pictures while a model is trained, with their settings; a model that has them predicts, and goes
 * back to Keras as it came. How they change pictures is not here.
 */
const settings = {
  AugMix: ["valueRange", "numChains", "chainDepth", "factor", "alpha", "allOps", "interpolation", "seed"],
  CutMix: ["factor", "seed"],
  Equalization: ["valueRange", "bins", "dataFormat"],
  MaxNumBoundingBoxes: ["maxNumber"],
  MixUp: ["alpha", "seed"],
  RandAugment: ["valueRange", "numOps", "factor", "interpolation", "seed"],
  RandomColorDegeneration: ["factor", "valueRange", "seed"],
  RandomColorJitter: [
    "valueRange",
    "brightnessFactor",
    "contrastFactor",
    "saturationFactor",
    "hueFactor",
    "seed",
  ],
  RandomElasticTransform: ["factor", "scale", "interpolation", "fillMode", "fillValue", "valueRange", "seed"],
  RandomErasing: ["factor", "scale", "fillValue", "valueRange", "seed"],
  RandomGaussianBlur: ["factor", "kernelSize", "sigma", "valueRange", "seed"],
  RandomGrayscale: ["factor", "dataFormat", "seed"],
  RandomHue: ["factor", "valueRange", "seed"],
  RandomInvert: ["factor", "valueRange", "seed"],
  RandomPerspective: ["factor", "scale", "interpolation", "fillValue", "seed"],
  RandomPosterization: ["factor", "valueRange", "seed"],
  RandomSaturation: ["factor", "valueRange", "seed"],
  RandomSharpness: ["factor", "valueRange", "seed"],
  RandomShear: ["xFactor", "yFactor", "fillMode", "interpolation", "seed", "fillValue", "dataFormat"],
  Solarization: ["valueRange", "additionFactor", "thresholdFactor", "seed"],
} as const;

type Settings = Record<string, unknown>;

for (const [className, keys] of Object.entries(settings)) {
  const Untrained = class extends KerasLayer<Settings> {
    static readonly className = className;

    constructor(args: LayerArgs & Settings) {
      super(args, Object.fromEntries(keys.map((key) => [key, undefined])));
    }

    override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Kwargs): tf.Tensor {
      if (kwargs.training !== true) return only(inputs).clone();
      const found = `${className} "${this.name}"`;
      const expected = "layers that change pictures as Keras does";
      const fix = "build the model without it to train it, or use imageDataGenerator";
      throw new InputError({ who: "fit", expected, found, fix });
    }

    override getConfig(): tf.serialization.ConfigDict {
      const said = Object.entries(super.getConfig()).filter(([, value]) => value !== undefined);
      return Object.fromEntries(said);
    }
  };
  tf.serialization.registerClass(Untrained);
}
