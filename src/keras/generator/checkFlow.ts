import { InputError } from "../../errors.ts";
import { checkPictureOptions } from "../pictures/readPicture.ts";
import { checkCount } from "../training/checkCount.ts";
import type { PictureFlowOptions } from "./pictureFlow.ts";
import { saveFormats } from "./saveBatch.ts";

const show = (values: readonly unknown[]) => values.map((value) => JSON.stringify(value)).join(", ");

/** Refuses a value that is none of those that there are. */
export function checkOneOf(name: string, value: unknown, values: readonly unknown[], who: string): void {
  if (values.includes(value)) return;
  throw new InputError({ who, expected: `${name} ${show(values)}`, found: JSON.stringify(value) });
}

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

/** Checks how pictures are read from files. */
export function checkPictureFlow(options: PictureFlowOptions, validationSplit: number, who: string): void {
  checkPictureOptions(options, who);
  checkBatches(options, validationSplit, who);
  const { onError = "throw", saveFormat = "png" } = options;
  checkOneOf("onError", onError, ["throw", "skip"], who);
  checkOneOf("saveFormat", saveFormat, saveFormats, who);
}
