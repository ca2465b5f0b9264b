import { InputError } from "../../errors.ts";

/** How much the loss of each output counts: a number for one output, else in the order of the outputs, or by their names. */
export type LossWeights = number | readonly number[] | Readonly<Record<string, number>>;

declare module "@tensorflow/tfjs-layers/dist/engine/training.js" {
  interface ModelCompileArgs {
    /** How much the loss of each output counts in the whole loss, which is their weighted sum. Default: 1 each. */
    lossWeights?: LossWeights;
  }
}

/** The weight of each output's loss, in order. */
export function toLossWeights(weights: LossWeights, outputNames: readonly string[]): number[] {
  const who = "compile";
  const isList = Array.isArray(weights);
  const isByName = typeof weights === "object" && !isList;
  const unknown = isByName ? Object.keys(weights).filter((name) => !outputNames.includes(name)) : [];
  const list = isByName
    ? outputNames.map((name) => (weights as Record<string, number>)[name])
    : [weights as number | readonly number[]].flat();
  if (unknown.length > 0 || list.length !== outputNames.length || !list.every(Number.isFinite)) {
    const expected = `lossWeights with a number for each of the outputs ${outputNames.join(", ")}`;
    throw new InputError({ who, expected, found: JSON.stringify(weights) });
  }
  return list as number[];
}
