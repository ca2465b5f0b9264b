import { installCompiledModels } from "./compiled/install.ts";
import { InputError } from "../errors.ts";
import type { tf } from "../tensorflow/tf.ts";
import type { CustomObjects } from "./files/buildModel.ts";
import { loadArchiveWeights, loadKerasArchive, saveKerasArchive } from "./files/kerasArchive.ts";
import {
  loadLegacyModel,
  loadLegacyWeights,
  saveLegacyModel,
  saveLegacyWeights,
  type LoadOptions,
} from "./files/legacyHdf5.ts";
import type { MatchOptions } from "./files/modelWeights.ts";
import { loadNpz, saveNpz } from "./files/npzWeights.ts";
import { loadTfjsModel, loadTfjsWeights, saveTfjsModel } from "./files/tfjsFiles.ts";
import { loadWeightsFile, saveWeightsFile } from "./files/weightsHdf5.ts";

installCompiledModels();

/** What a form of file can hold. */
interface Format {
  ending: string;
  loadModel?: (path: string, options: LoadOptions) => Promise<tf.LayersModel>;
  saveModel?: (model: tf.LayersModel, path: string, options: SaveModelOptions) => Promise<void>;
  loadWeights?: (model: tf.LayersModel, path: string, options: MatchOptions) => Promise<void>;
  saveWeights?: (model: tf.LayersModel, path: string) => Promise<void>;
}

const legacy = {
  loadModel: loadLegacyModel,
  saveModel: saveLegacyModel,
  loadWeights: loadLegacyWeights,
  saveWeights: saveLegacyWeights,
};

/** The forms of files by the ending of their names; the first that fits counts. */
const formats: readonly Format[] = [
  { ending: ".weights.h5", loadWeights: loadWeightsFile, saveWeights: saveWeightsFile },
  {
    ending: ".keras",
    loadModel: loadKerasArchive,
    saveModel: saveKerasArchive,
    loadWeights: loadArchiveWeights,
  },
  { ending: ".h5", ...legacy },
  { ending: ".hdf5", ...legacy },
  { ending: ".json", loadModel: loadTfjsModel, saveModel: saveTfjsModel, loadWeights: loadTfjsWeights },
  { ending: ".npz", loadWeights: loadNpz, saveWeights: saveNpz },
];

/** What a form of file does for `who`. */
function formatOf<K extends Exclude<keyof Format, "ending">>(path: string, who: K): NonNullable<Format[K]> {
  const able = formats.filter((format) => format[who] !== undefined).map(({ ending }) => ending);
  const format = formats.find(({ ending }) => path.endsWith(ending));
  const use = format?.[who];
  if (use) return use;
  const expected = `a path that ends in ${able.join(", ")}`;
  const others = { loadModel: "loadWeights(model, path)", saveModel: "saveWeights(model, path)" };
  const fix = format && who in others ? `use ${others[who as keyof typeof others]}` : undefined;
  throw new InputError({ who, expected, found: path, ...(fix && { fix }) });
}

/** Options of {@link loadModel}. */
export interface LoadModelOptions {
  /** Classes of layers that are not TensorFlow.js', by the names that the file gives them. Default: none. */
  customObjects?: CustomObjects;
  /** Whether the model is compiled as the file says, with the optimizer's state. Default true. */
  compile?: boolean;
}

/** Options of {@link saveModel}. */
export interface SaveModelOptions {
  /** Whether the file says how the model was compiled, and what the optimizer remembers. Default true. */
  includeOptimizer?: boolean;
}

/** Options of {@link loadWeights}. */
export interface LoadWeightsOptions {
  /** Find layers by their names instead of their order; layers without a counterpart keep their weights. Default false. */
  byName?: boolean;
  /** Let layers whose weights differ in number or shape keep theirs, with a line that says so. Default false. */
  skipMismatch?: boolean;
}

/**
 * Loads a whole model that Keras 2, Keras 3 or {@link saveModel} wrote, compiled where the file says how. Training then
 * goes on as if it had not been interrupted.
 *
 * ```ts
 * const model = await loadModel("shapes.keras");
 * const scores = model.predict(image.div(255).expandDims(0));
 * ```
 *
 * @param path a file that ends in `.keras`, `.h5`, `.hdf5`, or TensorFlow.js's `model.json` with its weights beside it; a
 * description in `.json` alone (Keras' `to_json()`) gives a model with new weights
 * @throws InputError when the file is missing, damaged, cut short, only weights, or has layers that TensorFlow.js has not
 */
export async function loadModel(path: string, options: LoadModelOptions = {}): Promise<tf.LayersModel> {
  return formatOf(path, "loadModel")(path, options);
}

/**
 * Saves a whole model, so that Keras and {@link loadModel} read it: layers, weights, how it was compiled and what the
 * optimizer remembers. Layers that were not named are called as Keras would: `conv2d`, `conv2d_1`.
 *
 * ```ts
 * await saveModel(model, "shapes.keras"); // in Python: keras.models.load_model("shapes.keras")
 * ```
 *
 * @param path a file that ends in `.keras` (Keras 3), `.h5` or `.hdf5` (Keras 2 and 3), or `.json` (TensorFlow.js); it is
 * replaced in one step when the new one is complete
 * @throws InputError when the file cannot be written
 */
export async function saveModel(
  model: tf.LayersModel,
  path: string,
  options: SaveModelOptions = {},
): Promise<void> {
  await formatOf(path, "saveModel")(model, path, options);
}

/**
 * Sets a model's weights from a file: `.weights.h5` of Keras 3, `.h5` and `.hdf5` (weights, or a whole model) of Keras 2
 * and 3, `.keras`, TensorFlow.js's `model.json`, or NumPy's `.npz`. Layers are matched by their order, as Keras does, or by name. A file of another model changes nothing.
 *
 * ```ts
 * await loadWeights(model, "best.weights.h5");
 * await loadWeights(model, "vgg16_notop.h5", { byName: true });
 * ```
 *
 * @throws InputError naming the layer, the expected and the found shape
 */
export async function loadWeights(
  model: tf.LayersModel,
  path: string,
  options: LoadWeightsOptions = {},
): Promise<void> {
  await formatOf(path, "loadWeights")(model, path, { ...options, who: "loadWeights" });
}

/**
 * Saves a model's weights: in Keras 3's form when the path ends in `.weights.h5`, in Keras 2's for another `.h5`, in NumPy's
 * for `.npz`.
 *
 * ```ts
 * await saveWeights(model, "best.weights.h5"); // in Python: model.load_weights("best.weights.h5")
 * ```
 *
 * @param path the file; it is replaced in one step when the new one is complete
 * @throws InputError when the file cannot be written
 */
export async function saveWeights(model: tf.LayersModel, path: string): Promise<void> {
  await formatOf(path, "saveWeights")(model, path);
}
