import { readFileSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../../errors.ts";
import { packageRoot } from "../../package.ts";
import { tf } from "../../tensorflow/tf.ts";

/** A class of ImageNet and its score: WordNet's number, the name, the score. */
export type Prediction = [id: string, name: string, score: number];

const who = "decodePredictions";

let classIndex: Record<string, [id: string, name: string]> | undefined;

/** ImageNet's classes in the order of the networks' outputs; the file is Keras' own. */
function classes(): Record<string, [id: string, name: string]> {
  const path = join(packageRoot, "data", "imagenet_class_index.json");
  return (classIndex ??= JSON.parse(readFileSync(path, "utf8")) as NonNullable<typeof classIndex>);
}

/**
 * Says in words what a network sees: for each picture the classes with the highest scores, best first.
 *
 * ```ts
 * const [[[, name, score]]] = decodePredictions(model.predict(pictures), { top: 1 });
 * ```
 *
 * @param predictions scores `[n, 1000]` of a network with ImageNet's classes
 * @param options `top`: how many classes. Default 5
 * @returns for each picture `[id, name, score]` of each class
 * @throws InputError when the shape is another one
 */
export function decodePredictions(
  predictions: tf.Tensor | tf.Tensor[],
  { top = 5 }: { top?: number } = {},
): Prediction[][] {
  if (![predictions].flat().every((each) => each instanceof tf.Tensor)) {
    const found = (predictions as unknown) instanceof Promise ? "a promise; await it" : "no tensor";
    throw new InputError({ who, expected: "what model.predict returns", found });
  }
  const [tensor, ...others] = [predictions].flat();
  if (tensor?.rank !== 2 || tensor.shape[1] !== 1000 || others.length > 0) {
    const found =
      others.length > 0 ? `${others.length + 1} tensors` : `[${String(tensor?.shape.join(", "))}]`;
    throw new InputError({ who, expected: "a batch of predictions of shape [n, 1000]", found });
  }
  const names = classes();
  return (tensor as tf.Tensor2D).arraySync().map((scores) =>
    scores
      .map((score, index): Prediction => [...names[index]!, score])
      .sort(([, , a], [, , b]) => b - a)
      .slice(0, top),
  );
}
