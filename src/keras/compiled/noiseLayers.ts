import { randomNumbers } from "../../tensorflow/kernels/randomNumbers.ts";
import { currentRuntime } from "../../tensorflow/runtime.ts";
import { tf } from "../../tensorflow/tf.ts";
import { drawSeed } from "./stepSeed.ts";

interface NoiseLayer extends tf.layers.Layer {
  rate: number;
  stddev: number;
  noiseShape: number[] | undefined;
  getNoiseShape(input: tf.Tensor): number[] | undefined;
}

type Noise = (layer: NoiseLayer, x: tf.Tensor) => tf.Tensor;

const draw = (distribution: "uniform" | "normal", shape: readonly number[]): tf.Tensor =>
  randomNumbers(distribution, shape, drawSeed());

/** 1 for what stays, 0 for what is dropped. */
const kept = (shape: readonly number[], rate: number): tf.Tensor =>
  tf.cast(tf.greaterEqual(draw("uniform", shape), rate), "float32");

const dropout: Noise = (layer, x) => {
  const mask = tf.mul(kept(layer.getNoiseShape(x) ?? x.shape, layer.rate), 1 / (1 - layer.rate));
  return tf.mul(x, mask);
};

/** The constants are those of SELU (Klambauer and others 2017, appendix). */
const alphaDropout: Noise = ({ rate, noiseShape }, x) => {
  const dropped = -1.6732632423543772 * 1.0507009873554805;
  const a = ((1 - rate) * (1 + rate * dropped ** 2)) ** -0.5;
  const mask = kept(noiseShape ?? x.shape, rate);
  const mixed = tf.add(tf.mul(x, mask), tf.mul(tf.sub(1, mask), dropped));
  return tf.add(tf.mul(mixed, a), -a * dropped * rate);
};

/** The layers that make noise in training: what makes each, and what each does. */
const layers: { make: () => tf.layers.Layer; noise: Noise; isOn: (layer: NoiseLayer) => boolean }[] = [
  { make: () => tf.layers.dropout({ rate: 0.5 }), noise: dropout, isOn: hasRate },
  { make: () => tf.layers.alphaDropout({ rate: 0.5 }), noise: alphaDropout, isOn: hasRate },
  {
    make: () => tf.layers.gaussianDropout({ rate: 0.5 }),
    noise: ({ rate }, x) =>
      tf.mul(x, tf.add(tf.mul(draw("normal", x.shape), Math.sqrt(rate / (1 - rate))), 1)),
    isOn: hasRate,
  },
  {
    make: () => tf.layers.gaussianNoise({ stddev: 1 }),
    noise: ({ stddev }, x) => tf.add(x, tf.mul(draw("normal", x.shape), stddev)),
    isOn: () => true,
  },
];

function hasRate({ rate }: NoiseLayer): boolean {
  return rate > 0 && rate < 1;
}

/**
 * Lets the layers that make noise draw it in TensorFlow. TensorFlow.js draws it in JavaScript, number by number, which is slow
 * and would be a constant in a compiled step.
 */
export function installNoiseLayers(): void {
  for (const { make, noise, isOn } of layers) {
    const prototype = Object.getPrototypeOf(make()) as NoiseLayer;
    // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called with its layer below
    const usual = prototype.call;
    prototype.call = function (this: NoiseLayer, inputs, kwargs) {
      if (kwargs.training !== true || !isOn(this) || currentRuntime() === undefined)
        return usual.call(this, inputs, kwargs);
      return tf.tidy(() => noise(this, Array.isArray(inputs) ? inputs[0]! : inputs));
    };
  }
}
