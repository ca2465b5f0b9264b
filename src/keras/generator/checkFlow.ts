import { InputError } from "../../errors.ts";
import { checkPictureOptions, pictureOptions } from "../pictures/readPicture.ts";
import { checkCount } from "../training/checkCount.ts";
import { checkKnown } from "../training/checkKnown.ts";
import type { BatchOptions } from "./batchOptions.ts";
import type { PictureFlowOptions } from "./pictureFlow.ts";
import { saveFormats } from "./saveBatch.ts";

const show = (values: readonly unknown[]) => values.map((value) => JSON.stringify(value)).join(", ");

/** Refuses a value that is none of those that there are. */
export function checkOneOf(name: string, value: unknown, values: readonly unknown[], who: string): void {
  if (values.includes(value)) return;
  throw new InputError({ who, expected: `${name} ${show(values)}`, found: JSON.stringify(value) });
}

/** The options of batches, whatever of. */
export const batchOptions: readonly (keyof BatchOptions)[] = [
  ...(["batchSize", "saveFormat", "savePrefix", "saveToDir", "seed", "shuffle", "signal", "subset"] as const),
];

/** Checks how batches are made, whatever of. */
export function checkBatches(
  { batchSize = 32, subset, seed }: { batchSize?: number; subset?: string; seed?: number },
  validationSplit: number,
  who: string,
): void {
  checkCount(who, "batchSize", batchSize);
  if (seed !== undefined && typeof seed !== "number") {
    throw new InputError({ who, expected: "a number for seed", found: JSON.stringify(seed) });
  }
  if (subset === undefined) return;
  if (!["training", "validation"].includes(subset)) {
    const expected = 'subset "training" or "validation"';
    throw new InputError({ who, expected, found: JSON.stringify(subset) });
  }
  if (validationSplit === 0) {
    const fix = "make the generator with imageDataGenerator({ validationSplit: 0.2 })";
    throw new InputError({ who, expected: `a validationSplit for subset "${subset}"`, found: "none", fix });
  }
}

/** Checks how pictures are read from files; `own` are the options that only this flow has. */
export function checkPictureFlow(
  options: PictureFlowOptions,
  validationSplit: number,
  { who, own }: { who: string; own: readonly string[] },
): void {
  checkKnown(who, options, [...batchOptions, ...pictureOptions, "cacheBytes", "onError", ...own]);
  checkPictureOptions(options, who);
  checkBatches(options, validationSplit, who);
  const { onError = "throw", saveFormat = "png" } = options;
  checkOneOf("onError", onError, ["throw", "skip"], who);
  checkOneOf("saveFormat", saveFormat, saveFormats, who);
}
