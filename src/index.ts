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
export { backend, setThreads, type BackendReport } from "./tensorflow/backend.ts";
export {
  dtypePolicy,
  setDtypePolicy,
  type DtypePolicy,
  type Precision,
} from "./tensorflow/mixedPrecision.ts";
export { setRandomSeed } from "./tensorflow/randomSeed.ts";

export { datasets } from "./keras/datasets.ts";
export type { DigitsDataset } from "./keras/datasets/mnist.ts";
export type { CifarDataset } from "./keras/datasets/cifar10.ts";
export type { CatsAndDogsDataset } from "./keras/datasets/catsAndDogs.ts";
export type { ShapesDataset } from "./keras/shapesDataset.ts";
export {
  imageDataGenerator,
  type GeneratorFitOptions,
  type ImageDataGenerator,
  type ImageDataGeneratorOptions,
  type TransformParameters,
} from "./keras/imageDataGenerator.ts";
export type { DirectoryIterator, FlowOptions, PictureBatch } from "./keras/directoryIterator.ts";
export type { ArrayBatch, ArrayFlowOptions, ArrayIterator } from "./keras/arrayIterator.ts";
export type { PictureRecord, RecordFlowOptions, RecordIterator } from "./keras/recordIterator.ts";
export {
  imageDatasetFromDirectory,
  type ImageDataset,
  type ImageDatasetOptions,
} from "./keras/imageDatasetFromDirectory.ts";
export { loadImage } from "./keras/loadImage.ts";
export { imageToTensor } from "./keras/imageToTensor.ts";

export { layers } from "./keras/layers.ts";
export { initializers } from "./keras/initializers.ts";
export { losses } from "./keras/losses.ts";
export type { Loss } from "./keras/losses/loss.ts";
export { metrics } from "./keras/metrics.ts";
export type { StatefulMetric } from "./keras/metrics/statefulMetric.ts";
export { optimizers } from "./keras/optimizers.ts";
export type { OptimizerOptions } from "./keras/optimizers/kerasOptimizer.ts";
export type { LearningRateSchedule } from "./keras/optimizers/schedules.ts";

export { applications } from "./keras/applications.ts";
export type { ApplicationOptions } from "./keras/applications/options.ts";
export type { MobileNetOptions } from "./keras/applications/mobileNet.ts";
export type { Prediction } from "./keras/applications/decodePredictions.ts";
export { extractFeatures, type ExtractOptions, type Features } from "./keras/extractFeatures.ts";

export { fit, type FitOptions, type History } from "./keras/fit.ts";
export type { DatasetOptions, LossWeights, TrainOnBatchOptions } from "./keras/fit.ts";
export { callbacks } from "./callbacks.ts";
export {
  loadModel,
  loadWeights,
  saveModel,
  saveWeights,
  type LoadModelOptions,
  type LoadWeightsOptions,
  type SaveModelOptions,
} from "./keras/modelFiles.ts";

export { ablate, type AblateOptions } from "./views/ablate.ts";
export { activations, type ActivationsOptions } from "./views/activations.ts";
export { calibration, type CalibrationOptions } from "./views/calibration.ts";
export { confusionMatrix, type ConfusionOptions } from "./views/confusionMatrix.ts";
export { curves, type CurvesOptions } from "./views/curves.ts";
export { deadFilters, type DeadFiltersOptions } from "./views/deadFilters.ts";
export { deepDream, type DeepDreamOptions } from "./views/deepDream.ts";
export { diagram, type DiagramOptions } from "./views/diagram.ts";
export { embedding, type EmbeddingOptions } from "./views/embedding.ts";
export { filterAcross, type FilterAcrossOptions } from "./views/filterAcross.ts";
export { filters, type FiltersOptions } from "./views/filters.ts";
export { gallery, type GalleryOptions } from "./views/gallery.ts";
export { gradCam, type GradCamOptions } from "./views/gradCam.ts";
export { histograms, recordHistograms, type HistogramsOptions } from "./views/histograms.ts";
export { integratedGradients, type IntegratedGradientsOptions } from "./views/integratedGradients.ts";
export { liveCurves, type LiveCurvesOptions } from "./views/liveCurves.ts";
export { maximizeActivation, type MaximizeOptions } from "./views/maximizeActivation.ts";
export { misclassified, type MisclassifiedOptions } from "./views/misclassified.ts";
export { nearest, type NearestOptions } from "./views/nearest.ts";
export { occlusion, type OcclusionOptions } from "./views/occlusion.ts";
export { perClassAccuracy, type PerClassOptions } from "./views/perClassAccuracy.ts";
export { predictions, type PredictionsOptions } from "./views/predictions.ts";
export { receptiveField, type ReceptiveFieldOptions } from "./views/receptiveField.ts";
export { saliency, type SaliencyOptions } from "./views/saliency.ts";
export { similarity, type SimilarityOptions } from "./views/similarity.ts";
export { smoothGrad, type SmoothGradOptions } from "./views/smoothGrad.ts";
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
