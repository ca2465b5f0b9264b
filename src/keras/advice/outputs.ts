import type { BadInput } from "../../errors.ts";
import type { TargetQuestion } from "./targets.ts";

/**
 * What is wrong with the end of a model beside its loss: a softmax of one unit, which is always 1, one unit for several
 * classes, or sums where the loss wants probabilities.
 *
 * @param question the output, and the name of its loss
 * @param fromLogits whether the loss makes probabilities of sums itself
 */
export function adviseOutput(
  { who, output, loss = "" }: TargetQuestion,
  fromLogits = false,
): BadInput | undefined {
  const { name, ...layer } = output.sourceLayer;
  const units = output.shape.at(-1);
  const { activation } = output.sourceLayer.getConfig();
  if (units === 1 && activation === "softmax") {
    const fix = 'use activation: "sigmoid", or a unit for each class';
    return { who: name, expected: "several units under a softmax", found: "1, which it always makes 1", fix };
  }
  const isCategorical = /^(sparse_?)?categorical_?(focal_?)?crossentropy$/i.test(loss);
  if (units === 1 && isCategorical) {
    const fix = 'use loss: "binaryCrossentropy", or a unit for each class';
    return { who, expected: `several units for ${loss}`, found: `1 in ${name}`, fix };
  }
  const isBinary = /^binary_?(focal_?)?crossentropy$/i.test(loss);
  const isSum = "units" in layer && (activation === "linear" || activation === "relu");
  if (fromLogits || !isSum || !(isCategorical || isBinary)) return undefined;
  const wanted = isBinary ? "sigmoid" : "softmax";
  const fix = `use activation: "${wanted}", or losses.${loss}({ fromLogits: true })`;
  return { who: name, expected: `probabilities for ${loss}`, found: `activation "${activation}"`, fix };
}
