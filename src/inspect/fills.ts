import { InputError } from "../errors.ts";
import { tf } from "../tensorflow/tf.ts";
import { seededNoise } from "./seededNoise.ts";

/** A picture of the same size without what is asked about. */
export type Baseline = "zeros" | "black" | "white" | "blur" | "noise";

const baselines: readonly Baseline[] = ["zeros", "black", "white", "blur", "noise"];

/** The numbers that stand for black and white, as far as a picture's own numbers tell: 0 to 1, 0 to 255, -1 to 1, or its own ends. */
export function guessRange(min: number, max: number): [number, number] {
  if (min >= 0 && max <= 1) return [0, 1];
  if (min >= 0 && max <= 255) return [0, 255];
  if (min >= -1 && max <= 1) return [-1, 1];
  return [min, max];
}

/** {@link guessRange} of a tensor. */
export function rangeOfTensor(picture: tf.Tensor): [number, number] {
  return tf.tidy(() => guessRange(picture.min().dataSync()[0]!, picture.max().dataSync()[0]!));
}

/**
 * A picture to compare with; the caller disposes it.
 *
 * @param picture `[1, height, width, channels]` or `[1, height, width]`
 * @throws InputError for a tensor of another size
 */
export function makeBaseline(
  picture: tf.Tensor,
  baseline: Baseline | tf.Tensor,
  { seed, who }: { seed: number; who: string },
): tf.Tensor {
  if (baseline instanceof tf.Tensor) {
    if (baseline.size === picture.size) {
      return tf.tidy(() => baseline.reshape(picture.shape).cast("float32").clone());
    }
    const expected = `baseline: one of ${baselines.join(", ")}, or a tensor [${picture.shape.slice(1).join(", ")}]`;
    throw new InputError({ who, expected, found: `[${baseline.shape.join(", ")}]` });
  }
  const [black, white] = rangeOfTensor(picture);
  switch (baseline) {
    case "zeros":
      return tf.zerosLike(picture);
    case "black":
      return tf.fill(picture.shape, black);
    case "white":
      return tf.fill(picture.shape, white);
    case "blur":
      return blur(picture);
    case "noise": {
      const { uniform } = seededNoise(seed);
      const numbers = Float32Array.from({ length: picture.size }, () => black + (white - black) * uniform());
      return tf.tensor(numbers, picture.shape);
    }
    default: {
      const expected = `baseline: one of ${baselines.join(", ")}, or a tensor`;
      throw new InputError({ who, expected, found: JSON.stringify(baseline) });
    }
  }
}

/** The mean of each channel, as a picture of one pixel. */
export function meanColor(picture: tf.Tensor): tf.Tensor {
  return picture.mean([1, 2], true);
}

/** A picture blurred so far that nothing small is left: a Gauss bell with a deviation of a twentieth of the larger side. */
export function blur(picture: tf.Tensor): tf.Tensor {
  return tf.tidy(() => {
    const [, height = 1, width = 1, channels = 1] = picture.shape;
    const deviation = Math.max(height, width) / 20;
    const image = picture.reshape<tf.Tensor4D>([1, height, width, channels]);
    const across = bell(deviation, width - 1);
    const down = bell(deviation, height - 1);
    const [x, y] = [(across.length - 1) / 2, (down.length - 1) / 2];
    const edges = [[0, 0], [y, y], [x, x], [0, 0]] as [number, number][]; // prettier-ignore
    const filter = (numbers: number[], rows: number, columns: number): tf.Tensor4D =>
      tf.tensor4d(numbers, [rows, columns, 1, 1]).tile([1, 1, channels, 1]);
    return tf
      .mirrorPad(image, edges, "reflect")
      .depthwiseConv2d<tf.Tensor4D>(filter(down, down.length, 1), 1, "valid")
      .depthwiseConv2d<tf.Tensor4D>(filter(across, 1, across.length), 1, "valid")
      .reshape(picture.shape);
  });
}

/** A Gauss bell that sums to 1, two deviations to each side, or fewer where the picture ends. */
function bell(deviation: number, most: number): number[] {
  const radius = Math.min(Math.ceil(2 * deviation), most);
  const heights = Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * deviation ** 2)),
  );
  const sum = heights.reduce((a, b) => a + b, 0);
  return heights.map((height) => height / sum);
}
