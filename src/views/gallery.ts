import { existsSync } from "node:fs";
import { InputError } from "../errors.ts";
import { isTensor, readPictureValues, type PictureValues } from "../inspect/pictureValues.ts";
import type { Tensor } from "../inspect/tensors.ts";
import { drawContactSheet, largestThumbnail, type SheetCell } from "../render/contactSheet.ts";
import { formatNumber } from "../render/formatNumber.ts";
import { readThumbnail, valuesToThumbnail, type Thumbnail } from "../render/thumbnail.ts";
import { createView, type View } from "./view.ts";

/** How {@link gallery} shows pictures. */
export interface GalleryOptions {
  /** What each picture shows. */
  labels?: readonly (string | number)[];
  /** What a network takes it for: with labels, wrong ones are marked. */
  predictions?: readonly (string | number)[];
  /** How many pictures in a row. Default 10. */
  columns?: number;
  /** Default: none. */
  title?: string;
}

/** The numbers behind the picture of {@link gallery}. */
export interface GalleryData {
  count: number;
  labels?: readonly string[];
  predictions?: readonly string[];
  /** How many predictions are the label; only with both. */
  correct?: number;
  /** The numbers that are shown black and white; only for tensors. */
  range?: [number, number];
}

/** As large as a sheet may be. */
const mostPictures = 1000;

/**
 * Shows pictures side by side, like contact sheets: with labels and, where there are predictions as well, "✓" at the right ones
 * and a frame with "✗" around the wrong ones.
 *
 * ```ts
 * const view = gallery(tf.randomUniform([20, 28, 28, 1]), { columns: 5 });
 * await view.save("sheet.png");
 * ```
 *
 * Numbers from 0 to 1 and from 0 to 255 are recognised as such; others are spread from the least to the largest.
 *
 * @param images a tensor `[n, height, width, channels]`, an array of tensors, or paths of files
 * @throws InputError when there is nothing to show, a file is missing or labels are too few or too many; one that cannot be read as
 *   a picture is reported when the sheet is drawn
 */
export function gallery(
  images: Tensor | readonly Tensor[] | readonly string[],
  { labels, predictions, columns = 10, title }: GalleryOptions = {},
): View<GalleryData> {
  const { pictures, range } = toPictures(images);
  checkCount("labels", labels, pictures.length);
  checkCount("predictions", predictions, pictures.length);
  if (!Number.isInteger(columns) || columns < 1) {
    throw new InputError({
      who: "gallery",
      expected: "columns: a whole number above 0",
      found: String(columns),
    });
  }
  const data: GalleryData = {
    count: pictures.length,
    ...(labels && { labels: labels.map(String) }),
    ...(predictions && { predictions: predictions.map(String) }),
    ...(labels &&
      predictions && {
        correct: labels.filter((label, i) => String(label) === String(predictions[i])).length,
      }),
    ...(range && { range }),
  };
  const text = describe(data, title);

  async function draw() {
    const thumbnails = await Promise.all(pictures.map(async (read) => read()));
    const cells = thumbnails.map((picture, i): SheetCell => ({
      picture,
      ...captionOf(data.labels?.[i], data.predictions?.[i]),
    }));
    return drawContactSheet(cells, { title, columns });
  }
  return createView({ data, text, alt: text.split("\n", 1)[0]!, png: draw });
}

type ReadPicture = () => Thumbnail | Promise<Thumbnail>;

function toPictures(images: Tensor | readonly Tensor[] | readonly string[]): {
  pictures: ReadPicture[];
  range?: [number, number];
} {
  const list: readonly unknown[] = Array.isArray(images) ? images : [images];
  const expected = "a tensor [n, height, width, channels], tensors or paths of pictures";
  if (list.length === 0) throw new InputError({ who: "gallery", expected, found: "nothing" });
  if (list.every((item) => typeof item === "string")) {
    checkPictureCount(list.length);
    const missing = list.find((path) => !existsSync(path));
    if (missing !== undefined) {
      throw new InputError({ who: "gallery", expected: "a picture", found: `no such file: ${missing}` });
    }
    return { pictures: list.map((path) => () => readThumbnail(path, largestThumbnail, "gallery")) };
  }
  if (!list.every(isTensor)) {
    throw new InputError({ who: "gallery", expected, found: typeof list.find((item) => !isTensor(item)) });
  }
  const values = list.flatMap((tensor) => readPictureValues(tensor, "gallery"));
  checkPictureCount(values.length);
  const range = rangeOf(values);
  return {
    pictures: values.map((picture) => () => valuesToThumbnail(picture.values, { ...picture, range })),
    range,
  };
}

function checkPictureCount(count: number): void {
  if (count > 0 && count <= mostPictures) return;
  const expected = `1 to ${String(mostPictures)} pictures`;
  throw new InputError({
    who: "gallery",
    expected,
    found: String(count),
    fix: "show a part: images.slice([0], [100])",
  });
}

function rangeOf(pictures: readonly PictureValues[]): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const { values } of pictures) {
    for (const value of values) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  if (low >= 0 && high <= 255) return [0, high <= 1 ? 1 : 255];
  return [low, high];
}

function checkCount(option: string, list: readonly unknown[] | undefined, count: number): void {
  if (list === undefined || list.length === count) return;
  throw new InputError({
    who: "gallery",
    expected: `${option} for ${String(count)} pictures`,
    found: String(list.length),
    fix: "one for each picture",
  });
}

function captionOf(label?: string, prediction?: string): { caption?: string; marked?: boolean } {
  if (prediction === undefined) return label === undefined ? {} : { caption: label };
  if (label === undefined) return { caption: prediction };
  if (label === prediction) return { caption: `✓ ${label}` };
  return { caption: `✗ ${prediction}`, marked: true };
}

function describe({ count, labels, predictions, correct, range }: GalleryData, title = "Gallery"): string {
  const parts = [
    `${title}: ${String(count)} ${count === 1 ? "picture" : "pictures"}`,
    labels && summarizeLabels(labels),
    correct !== undefined && `${String(correct)} predicted right, ${String(count - correct)} wrong`,
    range && `numbers from ${formatNumber(range[0])} to ${formatNumber(range[1])}`,
  ];
  const wrong = (labels ?? []).flatMap((label, i) =>
    predictions === undefined || predictions[i] === label
      ? []
      : [`picture ${String(i + 1)}: ${label}, taken for ${predictions[i]!}`],
  );
  return [parts.filter((part) => typeof part === "string").join("; "), ...wrong].join("\n");
}

function summarizeLabels(labels: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return Array.from(counts, ([label, count]) => `${String(count)} ${label}`).join(", ");
}
