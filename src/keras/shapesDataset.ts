import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { InputError } from "../errors.ts";
import { packageRoot } from "../package.ts";

/** Where the pictures of circles, squares and triangles are. */
export interface ShapesDataset {
  /** Directory of the training pictures, one directory per class. */
  train: string;
  /** Directory of the test pictures. */
  test: string;
  classNames: string[];
  /** Which set it is: drawn by hand, or generated for this package. */
  source: string;
}

function hasShapes(directory: string): boolean {
  return ["training_set", "test_set"].every((part) => existsSync(join(directory, part)));
}

/**
 * Finds the 28x28 RGB drawings of circles, squares and triangles: 70 for training and 30 for testing of each class.
 *
 * The hand-drawn set is looked for in the directory that the environment variable CONVOSCOPE_DATA names (there, or in
 * its `shapes`), then in `../shared/data/shapes` beside this package; otherwise the generated set of this package is
 * used. One printed line says which.
 *
 * ```ts
 * const shapes = await datasets.shapes();
 * const train = imageDataGenerator({ rescale: 1 / 255 }).flowFromDirectory(shapes.train, { targetSize: [28, 28] });
 * ```
 *
 * @param options `directory`: where the set is, instead of looking for it
 * @throws InputError when `directory` is given and holds no shapes
 */
export async function shapes({ directory }: { directory?: string } = {}): Promise<ShapesDataset> {
  const given = directory ?? process.env.CONVOSCOPE_DATA;
  const places = given
    ? [join(given, "shapes"), given]
    : [join(packageRoot, "..", "shared", "data", "shapes")];
  const handDrawn = places.find(hasShapes);
  if (handDrawn === undefined && directory !== undefined) {
    const expected = "a directory with shapes/training_set and shapes/test_set";
    throw new InputError({ who: "datasets.shapes", expected, found: directory });
  }
  const place = handDrawn ?? join(packageRoot, "data", "shapes");
  const source = handDrawn === undefined ? "generated drawings" : "hand-drawn pictures";
  process.stdout.write(`Shapes: ${source} in ${place}\n`);
  const [train, test] = [join(place, "training_set"), join(place, "test_set")];
  return { train, test, classNames: (await readdir(train)).sort(), source };
}
