import { InputError } from "../errors.ts";
import type { tf } from "../tensorflow/tf.ts";
import {
  loadLegacyModel,
  loadLegacyWeights,
  saveLegacyModel,
  saveLegacyWeights,
} from "./files/legacyHdf5.ts";
import { loadWeightsFile, saveWeightsFile } from "./files/weightsHdf5.ts";

type Format = "weights" | "legacy";

function formatOf(path: string, who: string): Format {
  if (path.endsWith(".weights.h5")) return "weights";
  if (/\.(h5|hdf5)$/.test(path)) return "legacy";
  throw new InputError({ who, expected: "a path that ends in .h5, .hdf5 or .weights.h5", found: path });
}

function wholeModel(path: string, who: string, other: string): void {
  if (formatOf(path, who) === "legacy") return;
  const fix = `use ${other}(model, path) for weights`;
  throw new InputError({ who, expected: "a path that ends in .h5 or .hdf5", found: path, fix });
}

/**
 * Loads a whole model that Keras 2, Keras 3 or {@link saveModel} wrote, compiled where the file says how.
 *
 * ```ts
 * const model = await loadModel("shapes.h5");
 * const scores = model.predict(image.div(255).expandDims(0));
 * ```
 *
 * @param path a file that ends in `.h5` or `.hdf5`
 * @throws InputError when the file is missing, no HDF5 file, cut short, only weights, or has layers that TensorFlow.js has not
 */
export async function loadModel(path: string): Promise<tf.LayersModel> {
  wholeModel(path, "loadModel", "loadWeights");
  return loadLegacyModel(path);
}

/**
 * Saves a whole model, so that Keras 2, Keras 3 and {@link loadModel} read it: layers, weights, and how it was compiled.
 * The state of the optimizer is not saved. Layers that were not named are called as Keras would: `conv2d`, `conv2d_1`.
 *
 * ```ts
 * await saveModel(model, "shapes.h5"); // in Python: keras.models.load_model("shapes.h5")
 * ```
 *
 * @param path a file that ends in `.h5` or `.hdf5`; it is replaced in one step when the new one is complete
 * @throws InputError when the file cannot be written
 */
export async function saveModel(model: tf.LayersModel, path: string): Promise<void> {
  wholeModel(path, "saveModel", "saveWeights");
  await saveLegacyModel(model, path);
}

/**
 * Sets a model's weights from a file: `.weights.h5` of Keras 3, or `.h5` and `.hdf5` (weights, or a whole model) of Keras
 * 2 and 3. Layers are matched by their order, as Keras does. A file of another model changes nothing.
 *
 * ```ts
 * await loadWeights(model, "best.weights.h5");
 * ```
 *
 * @throws InputError naming the layer, the expected and the found shape
 */
export async function loadWeights(model: tf.LayersModel, path: string): Promise<void> {
  const load = { weights: loadWeightsFile, legacy: loadLegacyWeights }[formatOf(path, "loadWeights")];
  await load(model, path, "loadWeights");
}

/**
 * Saves a model's weights: in Keras 3's form when the path ends in `.weights.h5`, else in Keras 2's.
 *
 * ```ts
 * await saveWeights(model, "best.weights.h5"); // in Python: model.load_weights("best.weights.h5")
 * ```
 *
 * @param path the file; it is replaced in one step when the new one is complete
 * @throws InputError when the file cannot be written
 */
export async function saveWeights(model: tf.LayersModel, path: string): Promise<void> {
  const save = { weights: saveWeightsFile, legacy: saveLegacyWeights }[formatOf(path, "saveWeights")];
  await save(model, path);
}
