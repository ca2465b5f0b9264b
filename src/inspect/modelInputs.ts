import { InputError } from "../errors.ts";
import { tf } from "../tensorflow/tf.ts";
import { notBuilt } from "./modelGraph.ts";
import { isTensor } from "./pictureValues.ts";

/** One picture for a model, or a tensor for each of its inputs. */
export type PictureInput = tf.Tensor | readonly tf.Tensor[];

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
  if (inputs === undefined || inputs.length === 0) throw notBuilt(model, who);
  const list = inputs.length === 1 ? [pictures].flat(2) : pictures;
  const lists = inputs.length === 1 ? [list as readonly tf.Tensor[]] : splitInputs(model, list, who);
  if (lists.some(({ length }) => length === 0)) {
    throw new InputError({ who, expected: "at least one picture", found: "none" });
  }
  return tf.tidy(() => {
    const batch = lists.map((tensors, i) => {
      const name = inputs.length === 1 ? "an image" : `"${inputs[i]!.name}"`;
      return joinRows(
        tensors.map((tensor) => toRows(tensor, inputs[i]!, name, who)),
        who,
      );
    });
    const counts = batch.map(({ shape }) => shape[0]);
    if (new Set(counts).size > 1) {
      const expected = "as many pictures for each input";
      throw new InputError({ who, expected, found: counts.join(" and ") });
    }
    if (counts[0] === 0) throw new InputError({ who, expected: "at least one picture", found: "none" });
    return batch;
  });
}

/** Pictures below one another; a model that takes any size takes one size at a time. */
function joinRows(rows: readonly tf.Tensor[], who: string): tf.Tensor {
  const sizes = rows.map(({ shape }) => `[${shape.slice(1).join(", ")}]`);
  const other = sizes.find((size) => size !== sizes[0]);
  if (other === undefined) return tf.concat([...rows]);
  const fix = "resize them: tf.image.resizeBilinear(image, [height, width])";
  throw new InputError({ who, expected: "pictures of one size", found: `${sizes[0]!} and ${other}`, fix });
}

/** One picture as a batch of one, see {@link toBatch}. */
export function toSingle(model: tf.LayersModel, picture: PictureInput, who: string): tf.Tensor[] {
  const batch = toBatch(model, picture, who);
  const count = batch[0]!.shape[0];
  if (count === 1) return batch;
  tf.dispose(batch);
  const fix = "give one picture of the batch: images.slice([0], [1])";
  throw new InputError({ who, expected: "one picture", found: String(count), fix });
}

/**
 * One picture of finite numbers as a batch of one, see {@link toBatch}.
 *
 * @throws InputError also for numbers that are not finite
 */
export function toFinite(model: tf.LayersModel, picture: PictureInput, who: string): tf.Tensor[] {
  const batch = toSingle(model, picture, who);
  const broken = batch.map((tensor) =>
    tf.tidy(
      () =>
        tf
          .logicalNot(tf.isFinite(tensor.cast("float32")))
          .sum()
          .dataSync()[0]!,
    ),
  );
  const first = broken.findIndex((count) => count > 0);
  if (first < 0) return batch;
  tf.dispose(batch);
  const name = batch.length === 1 ? "an image" : `"${model.inputs[first]!.name}"`;
  const found = `${broken[first]!} of ${batch[first]!.size} that are not (NaN or infinite)`;
  throw new InputError({ who, expected: `${name} of finite numbers`, found });
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

function toRows(picture: unknown, input: tf.SymbolicTensor, name: string, who: string): tf.Tensor {
  if (!isTensor(picture)) {
    const fix = "see loadImage";
    throw new InputError({ who, expected: `${name} as a tensor`, found: typeof picture, fix });
  }
  const wanted = input.shape.slice(1);
  const isBatch = picture.rank === input.shape.length;
  const found = isBatch ? picture.shape.slice(1) : picture.shape;
  if (found.length === wanted.length && wanted.every((size, i) => size === null || size === found[i])) {
    return (isBatch ? picture : picture.expandDims(0)).cast(input.dtype);
  }
  throw new InputError({
    who,
    expected: `${name} of shape [${wanted.map((size) => size ?? "any").join(", ")}]`,
    found: `[${picture.shape.join(", ")}]`,
    fix: adviceFor(wanted, found),
  });
}

function adviceFor(wanted: (number | null)[], found: number[]): string {
  const fits = (shape: number[]): boolean => wanted.every((size, i) => size === null || size === shape[i]);
  if (fits([...found, 1]) || fits([...found.slice(1), 1]))
    return "add the axis of the channels: image.expandDims(-1)";
  if (found.length === wanted.length && found.at(-1) !== wanted.at(-1)) {
    return `read it with ${String(wanted.at(-1) ?? "other")} channels: loadImage(path, { colorMode })`;
  }
  const [height, width] = wanted;
  if (wanted.length !== 3 || typeof height !== "number" || typeof width !== "number")
    return "give a tensor of that shape";
  const size = `[${height}, ${width}]`;
  return `resize it: tf.image.resizeBilinear(image, ${size}), or loadImage(path, { targetSize: ${size} })`;
}
