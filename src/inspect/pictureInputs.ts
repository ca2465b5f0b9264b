import { InputError } from "../errors.ts";
import { tf } from "../tensorflow/tf.ts";
import { isTensor } from "./pictureValues.ts";

/** One picture for a model, or a tensor for each of its inputs. */
export type PictureInput = tf.Tensor | readonly tf.Tensor[];

/**
 * Brings a picture, or one tensor for each input, to batches of one of the shapes that the model wants.
 *
 * @returns new tensors, which the caller disposes
 * @throws InputError for other shapes, or numbers that are not finite
 */
export function toInputs(model: tf.LayersModel, image: PictureInput, who: string): tf.Tensor[] {
  const given: readonly unknown[] = Array.isArray(image) ? image : [image];
  const { inputs, inputNames } = model;
  if (given.length !== inputs.length) {
    const expected =
      inputs.length === 1 ? "one picture" : `an array of ${inputs.length} tensors (${inputNames.join(", ")})`;
    throw new InputError({ who, expected, found: String(given.length) });
  }
  const made: tf.Tensor[] = [];
  try {
    inputs.forEach((input, i) => {
      const name = inputs.length === 1 ? "an image" : `"${inputNames[i]!}"`;
      made.push(toBatch(given[i], input, name, who));
    });
    return made;
  } catch (error) {
    tf.dispose(made);
    throw error;
  }
}

function toBatch(tensor: unknown, input: tf.SymbolicTensor, name: string, who: string): tf.Tensor {
  if (!isTensor(tensor)) {
    const fix = "see loadImage";
    throw new InputError({ who, expected: `${name} as a tensor`, found: typeof tensor, fix });
  }
  const wanted = input.shape.slice(1);
  const isBatch = tensor.rank === input.shape.length && tensor.shape[0] === 1;
  const found = isBatch ? tensor.shape.slice(1) : tensor.shape;
  if (found.length !== wanted.length || wanted.some((size, i) => size !== null && size !== found[i])) {
    throw new InputError({
      who,
      expected: `${name} of shape [${wanted.map((size) => size ?? "any").join(", ")}]`,
      found: `[${tensor.shape.join(", ")}]`,
      fix: adviceFor(wanted, tensor.shape),
    });
  }
  return tf.tidy(() => {
    // A copy, which stays when the tensor that was given is disposed while we wait.
    const batch = tensor
      .reshape([1, ...found])
      .cast(input.dtype)
      .clone();
    const broken = tf
      .sub(1, tf.isFinite(batch.cast("float32")).cast("float32"))
      .sum()
      .dataSync()[0]!;
    if (broken === 0) return batch;
    const numbers = `${broken} of ${tensor.size} that are not (NaN or infinite)`;
    throw new InputError({ who, expected: `${name} of finite numbers`, found: numbers });
  });
}

/**
 * One picture of any size as a batch of one, for layers that can be computed for any.
 *
 * @returns a new tensor, which the caller disposes
 * @throws InputError for another number of channels
 */
export function toFreePicture(image: unknown, channels: number, who: string): tf.Tensor4D {
  const isBatch = isTensor(image) && image.rank === 4 && image.shape[0] === 1;
  if (isTensor(image) && (isBatch || image.rank === 3) && image.shape.at(-1) === channels) {
    const [height = 0, width = 0] = image.shape.slice(isBatch ? 1 : 0);
    return tf.tidy(() =>
      image.reshape<tf.Tensor4D>([1, height, width, channels]).cast<tf.Tensor4D>("float32").clone(),
    );
  }
  const found = isTensor(image) ? `[${image.shape.join(", ")}]` : typeof image;
  throw new InputError({ who, expected: `an image [height, width, ${channels}]`, found });
}

function adviceFor(wanted: (number | null)[], found: number[]): string {
  if (found.length === wanted.length + 1) return "give one picture of the batch: images.slice([0], [1])";
  if (found.length === wanted.length && found.at(-1) !== wanted.at(-1)) {
    return `read it with ${wanted.at(-1) ?? "other"} channels: loadImage(path, { colorMode })`;
  }
  const [height, width] = wanted;
  if (wanted.length !== 3 || height === null || width === null || height === undefined || width === undefined)
    return "give a tensor of that shape";
  return `resize it: tf.image.resizeBilinear(image, [${height}, ${width}]), or loadImage(path, { targetSize: [${height}, ${width}] })`;
}
