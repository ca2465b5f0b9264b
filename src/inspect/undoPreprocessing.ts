import type { PictureValues } from "./pictureValues.ts";

/**
 * What was done to pictures before they went into a network, under Keras' names: `"caffe"` (blue first, the mean of ImageNet taken off:
 * VGG, ResNet), `"tf"` (brought to −1 to 1: Inception, MobileNet), `"torch"` (brought to 0 to 1, then mean and deviation of ImageNet).
 */
export type PreprocessingMode = "caffe" | "tf" | "torch";

/** In words, what is undone. */
export const preprocessingSteps: Record<PreprocessingMode, string> = {
  caffe: "blue first, the mean of ImageNet taken off (caffe)",
  tf: "brought from −1 to 1 (tf)",
  torch: "mean and deviation of ImageNet (torch)",
};

/** What a number of a channel is multiplied by, and what is added, to be from 0 to 255 again. */
const back: Record<PreprocessingMode, { factors: readonly number[]; terms: readonly number[] }> = {
  caffe: { factors: [1, 1, 1], terms: [103.939, 116.779, 123.68] },
  tf: { factors: [127.5, 127.5, 127.5], terms: [127.5, 127.5, 127.5] },
  torch: {
    factors: [0.229, 0.224, 0.225].map((deviation) => deviation * 255),
    terms: [0.485, 0.456, 0.406].map((mean) => mean * 255),
  },
};

/** The picture as it was before: red, green and blue from 0 to 255. */
export function undoPreprocessing(picture: PictureValues, mode: PreprocessingMode): PictureValues {
  const { channels } = picture;
  const { factors, terms } = back[mode];
  const values = picture.values.map(
    (value, i) => value * factors[(i % channels) % 3]! + terms[(i % channels) % 3]!,
  );
  if (mode === "caffe" && channels >= 3) {
    for (let i = 0; i < values.length; i += channels)
      [values[i], values[i + 2]] = [values[i + 2]!, values[i]!];
  }
  return { ...picture, values };
}
