import { tf } from "../../tensorflow/tf.ts";
import { drawNoise, type Draw } from "./drawNoise.ts";
import { freeCountsWithWeights } from "./layerSeed.ts";
import { alphaDropout, dropout, gaussianDropout, gaussianNoise } from "./noises.ts";

interface NoiseLayer extends tf.layers.Layer {
  rate: number;
  stddev: number;
  seed?: number | null;
  noiseShape: number[] | undefined;
  getNoiseShape(input: tf.Tensor): number[] | undefined;
}

type Noise = (layer: NoiseLayer, x: tf.Tensor, draw: Draw) => tf.Tensor;

/** The layers that make noise in training: what makes each, and what each does. */
const layers: { make: () => tf.layers.Layer; noise: Noise; isOn: (layer: NoiseLayer) => boolean }[] = [
  {
    make: () => tf.layers.dropout({ rate: 0.5 }),
    noise: (layer, x, draw) => dropout(x, layer.rate, layer.getNoiseShape(x) ?? x.shape, draw),
    isOn: hasRate,
  },
  {
    make: () => tf.layers.alphaDropout({ rate: 0.5 }),
    noise: ({ rate, noiseShape }, x, draw) => alphaDropout(x, rate, noiseShape ?? x.shape, draw),
    isOn: hasRate,
  },
  {
    make: () => tf.layers.gaussianDropout({ rate: 0.5 }),
    noise: ({ rate }, x, draw) => gaussianDropout(x, rate, draw),
    isOn: hasRate,
  },
  {
    make: () => tf.layers.gaussianNoise({ stddev: 1 }),
    noise: ({ stddev }, x, draw) => gaussianNoise(x, stddev, draw),
    isOn: () => true,
  },
];

function hasRate({ rate }: NoiseLayer): boolean {
  return rate > 0 && rate < 1;
}

/**
 * Lets TensorFlow.js's layers that make noise draw it by {@link drawNoise}: with TensorFlow where it can, other numbers at each step,
 * also where they have a seed.
 */
export function installNoiseLayers(): void {
  freeCountsWithWeights();
  for (const { make, noise, isOn } of layers) {
    const prototype = Object.getPrototypeOf(make()) as NoiseLayer;
    // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called with its layer below
    const usual = prototype.call;
    prototype.call = function (this: NoiseLayer, inputs, kwargs) {
      if (kwargs.training !== true || !isOn(this)) return usual.call(this, inputs, kwargs);
      return tf.tidy(() =>
        noise(this, Array.isArray(inputs) ? inputs[0]! : inputs, drawNoise(this, this.seed)),
      );
    };
  }
}
