/**
 * Convoscope trains convolutional networks with TensorFlow.js at native speed and shows what they see.
 *
 * ```ts
 * import { tf, fit, activations, curves } from "convoscope";
 *
 * const model = tf.sequential({ layers: [tf.layers.conv2d({ inputShape: [28, 28, 1], filters: 8, kernelSize: 3 })] });
 * await activations(model, tf.zeros([28, 28, 1])).save("what-it-sees.png");
 * ```
 *
 * @module
 */
export { tf } from "./tensorflow/tf.ts";
export { backend, type BackendReport } from "./tensorflow/backend.ts";
export { setRandomSeed } from "./tensorflow/randomSeed.ts";

export { datasets } from "./keras/datasets.ts";
export type { ShapesDataset } from "./keras/shapesDataset.ts";
export { imageDataGenerator, type ImageDataGenerator } from "./keras/imageDataGenerator.ts";
export type { DirectoryIterator, FlowOptions, PictureBatch } from "./keras/directoryIterator.ts";
export { loadImage } from "./keras/loadImage.ts";

export { fit, type FitOptions, type History } from "./keras/fit.ts";
export { callbacks } from "./keras/callbacks.ts";
export { loadModel, loadWeights, saveModel, saveWeights } from "./keras/modelFiles.ts";

export { activations, type ActivationsOptions } from "./views/activations.ts";
export { curves, type CurvesOptions } from "./views/curves.ts";
export { gallery, type GalleryOptions } from "./views/gallery.ts";
export { summary, type SummaryOptions } from "./views/summary.ts";
export type { View } from "./views/view.ts";

export { display, type DisplayHandle, type DisplayOptions } from "./jupyter/display.ts";
export { clearOutput, type ClearOutputOptions } from "./jupyter/clearOutput.ts";
export { html, md, svg, type Markup } from "./jupyter/template.ts";
export { input } from "./jupyter/input.ts";
export {
  openComm,
  registerCommTarget,
  type Comm,
  type CommListener,
  type IncomingMessage,
  type OpenCommOptions,
} from "./jupyter/comm.ts";
export { InputError } from "./errors.ts";
