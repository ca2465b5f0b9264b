import { InputError } from "../errors.ts";
import { tf } from "../tensorflow/tf.ts";

/**
 * Pictures as a model takes them: a tensor (one picture or a batch), or an array of such tensors, one picture after the other.
 * For a model with several inputs: an array with a tensor for each input, or an array of such arrays.
 */
export type Pictures = tf.Tensor | readonly tf.Tensor[] | readonly (readonly tf.Tensor[])[];

/**
 * Brings pictures into one batch: a new tensor for each input of the model, pictures first. The caller disposes them; `tf.tidy` does.
 *
 * @throws InputError for something else than tensors, or a shape that is not the model's
 */
export function toBatch(model: tf.LayersModel, pictures: Pictures, who: string): tf.Tensor[] {
  const { inputs } = model;
  if (inputs === undefined || inputs.length === 0) {
    const found = `"${model.name}", which is not built`;
    const fix = "give its first layer an inputShape";
    throw new InputError({ who, expected: "a model that knows its input shape", found, fix });
  }
  const list = inputs.length === 1 ? [pictures].flat(2) : pictures;
  const lists = inputs.length === 1 ? [list as readonly tf.Tensor[]] : splitInputs(model, list, who);
  if (lists.some(({ length }) => length === 0)) {
    throw new InputError({ who, expected: "at least one picture", found: "none" });
  }
  return tf.tidy(() => {
    const batch = lists.map((tensors, i) =>
      tf.concat(tensors.map((tensor) => toRows(inputs[i]!, tensor, who))),
    );
    const counts = batch.map(({ shape }) => shape[0]);
    if (new Set(counts).size > 1) {
      const expected = "as many pictures for each input";
      throw new InputError({ who, expected, found: counts.join(" and ") });
    }
    if (counts[0] === 0) throw new InputError({ who, expected: "at least one picture", found: "none" });
    return batch;
  });
}

/** One picture as a batch of one, see {@link toBatch}. */
export function toSingle(
  model: tf.LayersModel,
  picture: tf.Tensor | readonly tf.Tensor[],
  who: string,
): tf.Tensor[] {
  const batch = toBatch(model, picture, who);
  const count = batch[0]!.shape[0];
  if (count === 1) return batch;
  tf.dispose(batch);
  const fix = "give one picture of the batch: images.slice([0], [1])";
  throw new InputError({ who, expected: "one picture", found: String(count), fix });
}

/** For each input the tensors of all pictures. */
function splitInputs({ name, inputs }: tf.LayersModel, pictures: Pictures, who: string): tf.Tensor[][] {
  const nested = Array.isArray(pictures) && Array.isArray(pictures[0]);
  const each = (nested ? pictures : [pictures]) as readonly (readonly tf.Tensor[])[];
  for (const tensors of each) {
    if (Array.isArray(tensors) && tensors.length === inputs.length) continue;
    throw new InputError({
      who,
      expected: `an array of ${inputs.length} tensors, one for each input of "${name}"`,
      found: Array.isArray(tensors) ? String(tensors.length) : "a tensor",
      fix: `inputs: ${inputs.map((input) => input.name).join(", ")}`,
    });
  }
  return inputs.map((_, i) => each.map((tensors) => tensors[i]!));
}

function toRows(input: tf.SymbolicTensor, picture: tf.Tensor, who: string): tf.Tensor {
  if (!(picture instanceof tf.Tensor)) {
    throw new InputError({ who, expected: "an image tensor", found: typeof picture, fix: "see loadImage" });
  }
  const wanted = input.shape.slice(1);
  const isBatch = picture.rank === input.shape.length;
  const found = isBatch ? picture.shape.slice(1) : picture.shape;
  if (found.length === wanted.length && wanted.every((size, i) => size === null || size === found[i])) {
    return isBatch ? picture : picture.expandDims(0);
  }
  throw new InputError({
    who,
    expected: `an image of shape [${wanted.map((size) => size ?? "any").join(", ")}]`,
    found: `[${picture.shape.join(", ")}]`,
    fix: adviceFor(wanted, found),
  });
}

function adviceFor(wanted: (number | null)[], found: number[]): string {
  const fits = (shape: number[]): boolean => wanted.every((size, i) => size === null || size === shape[i]);
  if (fits([...found, 1]) || fits([...found.slice(1), 1]))
    return "add the axis of the channels: image.expandDims(-1)";
  if (found.length === wanted.length && found.at(-1) !== wanted.at(-1)) {
    return `read it with ${String(wanted.at(-1))} channels: loadImage(path, { colorMode })`;
  }
  return "resize it: loadImage(path, { targetSize: [height, width] })";
}
