import { existsSync } from "node:fs";
import { InputError } from "../errors.ts";
import {
  isColor,
  isTensor,
  meanNote,
  rangeOfPictures,
  readPictureValues,
  type PictureValues,
} from "../inspect/pictureValues.ts";
import type { Pictures } from "../inspect/modelInputs.ts";
import type { Model, Tensor } from "../inspect/tensors.ts";
import { undoPreprocessing, type PreprocessingMode } from "../inspect/undoPreprocessing.ts";
import { largestThumbnail } from "../render/contactSheet.ts";
import { shrinkThumbnail } from "../render/shrinkThumbnail.ts";
import { readThumbnail, valuesToThumbnail, type Thumbnail } from "../render/thumbnail.ts";

/** Pictures to look at: a tensor `[n, height, width, channels]`, an array of tensors, or paths of files. */
export type PictureSource = Tensor | readonly Tensor[] | readonly string[];

/** Pictures before they are drawn. */
export interface PictureList {
  count: number;
  /** The numbers that are shown black and white; only for tensors. */
  range?: [number, number];
  /** What has to be said of how they are shown. */
  note?: string;
  /** Keeps some of them, to be drawn later; the others are no longer needed. */
  choose(indices: readonly number[]): () => Promise<Thumbnail[]>;
}

/** Pictures of tensors: they can be drawn at once. */
export interface TensorPictures extends PictureList {
  draw(indices: readonly number[]): Thumbnail[];
}

interface ReadOptions {
  who: string;
  preprocessing?: PreprocessingMode | undefined;
  /** The model that the pictures are for, which tells one from a batch: it may take sequences or vectors, which are drawn as well. */
  model?: Model | undefined;
}

const expected = "a tensor [n, height, width, channels], tensors or paths of pictures";

/**
 * Reads pictures of tensors, or finds those of files.
 *
 * @throws InputError when there is none, a file is missing or something is no picture
 */
export function listPictures(images: PictureSource | Pictures, options: ReadOptions): PictureList {
  const { who, model } = options;
  const list: readonly unknown[] =
    model === undefined ? [images].flat() : shownTensors(model, images as Pictures);
  if (list.length === 0) throw new InputError({ who, expected, found: "nothing" });
  if (list.every((item) => typeof item === "string")) return listFiles(list, who);
  if (list.every(isTensor)) return listTensors(list, options);
  const other = list.find((item) => !isTensor(item));
  throw new InputError({ who, expected, found: other === null ? "null" : typeof other });
}

/** Reads pictures of tensors, see {@link listPictures}. */
export function listTensors(
  tensors: readonly Tensor[],
  { who, preprocessing, model }: ReadOptions,
): TensorPictures {
  const axes = model?.inputs[Math.max(0, pictureInput(model))]!.shape.slice(1).length;
  const values = tensors.flatMap((tensor) => readPictureValues(tensor, who, axes));
  if (values.length === 0) throw new InputError({ who, expected, found: "0 pictures" });
  const { meanOf } = values[0]!;
  const range = preprocessing ? ([0, 255] as [number, number]) : rangeOfPictures(values);
  const undo = (picture: PictureValues): PictureValues =>
    preprocessing ? undoPreprocessing(picture, preprocessing) : picture;
  const draw = (indices: readonly number[]): Thumbnail[] =>
    indices.map((index) => {
      const picture = undo(values[index]!);
      return shrinkThumbnail(valuesToThumbnail(picture.values, { ...picture, range }), largestThumbnail);
    });
  return {
    ...{ count: values.length, range, draw, ...(meanOf !== undefined && { note: meanNote(meanOf) }) },
    // Drawn already, since the numbers take more room than the picture, and may be those of all pictures.
    choose(indices) {
      const drawn = Promise.resolve(draw(indices));
      return () => drawn;
    },
  };
}

/** Which of a model's inputs is shown: the first that takes pictures in colours, else the first that takes any; -1 where none does. */
export function pictureInput({ inputs }: Model): number {
  const colored = inputs.findIndex(({ shape }) => shape.length === 4 && isColor(shape[3]!));
  return colored >= 0 ? colored : inputs.findIndex(({ shape }) => shape.length === 4);
}

/** Of pictures as a model takes them, the tensors that are shown: where no input takes pictures, those of the first. */
export function shownTensors(model: Model, images: Pictures): readonly Tensor[] {
  const list = [images].flat() as readonly (Tensor | readonly Tensor[])[];
  if (model.inputs.length === 1) return list.flat();
  const rows = list.every(isTensor) ? [list] : list;
  return rows.map((row) => [row].flat()[Math.max(0, pictureInput(model))]!);
}

function listFiles(paths: readonly string[], who: string): PictureList {
  const missing = paths.find((path) => !existsSync(path));
  if (missing !== undefined) {
    throw new InputError({ who, expected: "a picture", found: `no such file: ${missing}` });
  }
  return {
    count: paths.length,
    choose: (indices) => () =>
      Promise.all(indices.map((index) => readThumbnail(paths[index]!, largestThumbnail, who))),
  };
}
