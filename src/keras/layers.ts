import { tf } from "../tensorflow/tf.ts";
import {
  defaultLayers,
  depthwise,
  kernel,
  maker,
  separable,
  withDefaults,
} from "./initializers/defaultLayers.ts";
import "./initializers/tidyInitializers.ts";
import "./layers/activationFunctions.ts";
import "./layers/calls.ts";
import { AdditiveAttention, Attention } from "./layers/attention/attention.ts";
import { GroupedQueryAttention, MultiHeadAttention } from "./layers/attention/multiHeadAttention.ts";
import { EinsumDense } from "./layers/einsumDense.ts";
import {
  AdaptiveAveragePooling1D,
  AdaptiveAveragePooling2D,
  AdaptiveAveragePooling3D,
  AdaptiveMaxPooling1D,
  AdaptiveMaxPooling2D,
  AdaptiveMaxPooling3D,
} from "./layers/adaptivePooling.ts";
import { RMSNormalization, SpectralNormalization } from "./layers/normalizations.ts";
import "./layers/flatten.ts";
import "./layers/namesInStrings.ts";
import "./layers/operation.ts";
import "./layers/untrainedAugmentation.ts";
import "./layers/volumeNormalizations.ts";
import { Bidirectional } from "./layers/bidirectional.ts";
import { LeakyReLU, ReLU, Softmax } from "./layers/rectifier.ts";
import { Reshape } from "./layers/reshape.ts";
import {
  RandomBrightness,
  RandomContrast,
  RandomCrop,
  RandomFlip,
  RandomRotation,
  RandomTranslation,
  RandomZoom,
} from "./layers/augmentation.ts";
import {
  Cropping1D,
  Cropping3D,
  UpSampling1D,
  UpSampling2D,
  UpSampling3D,
  ZeroPadding1D,
  ZeroPadding3D,
} from "./layers/borders.ts";
import { ConvLSTM1D } from "./layers/convLstm1d.ts";
import { Conv1DTranspose, DepthwiseConv1D, SeparableConv1D } from "./layers/sequenceConvolutions.ts";
import {
  GlobalAveragePooling1D,
  GlobalAveragePooling2D,
  GlobalAveragePooling3D,
  GlobalMaxPooling1D,
  GlobalMaxPooling2D,
  GlobalMaxPooling3D,
} from "./layers/globalPooling.ts";
import { ActivityRegularization } from "./layers/activityRegularization.ts";
import { AlphaDropout, GaussianDropout, GaussianNoise } from "./layers/noise.ts";
import { CategoryEncoding, Discretization } from "./layers/categories.ts";
import { CenterCrop, Normalization, Rescaling, Resizing } from "./layers/preprocessing.ts";
import { ResetAfterGRU } from "./layers/resetAfterGru.ts";
import { CustomScaleLayer, LayerScale, StochasticDepth } from "./layers/residual.ts";
import {
  ELU,
  GroupNormalization,
  Identity,
  SpatialDropout2D,
  SpatialDropout3D,
  Subtract,
  UnitNormalization,
} from "./layers/small.ts";

/**
 * The layers of Keras, with its names in camelCase, its options and its defaults: those of `tf.layers`, those that it has not, and in
 * place of some of its own the ones that compute what Keras' do. Kernels of `dense`, `conv2d` and others are drawn as Keras draws
 * them.
 *
 * ```ts
 * const model = tf.sequential({
 *   layers: [
 *     layers.rescaling({ scale: 1 / 255, inputShape: [150, 150, 3] }),
 *     layers.randomFlip({ mode: "horizontal" }),
 *     layers.conv2d({ filters: 32, kernelSize: 3, activation: "relu" }),
 *     layers.maxPooling2d({ poolSize: 2 }),
 *   ],
 * });
 * ```
 */
export const layers = {
  ...tf.layers,
  ...defaultLayers,
  adaptiveAveragePooling1d: maker(AdaptiveAveragePooling1D),
  adaptiveAveragePooling2d: maker(AdaptiveAveragePooling2D),
  adaptiveAveragePooling3d: maker(AdaptiveAveragePooling3D),
  adaptiveMaxPooling1d: maker(AdaptiveMaxPooling1D),
  adaptiveMaxPooling2d: maker(AdaptiveMaxPooling2D),
  adaptiveMaxPooling3d: maker(AdaptiveMaxPooling3D),
  activityRegularization: maker(ActivityRegularization),
  additiveAttention: maker(AdditiveAttention),
  alphaDropout: maker(AlphaDropout),
  attention: maker(Attention),
  bidirectional: maker(Bidirectional),
  categoryEncoding: maker(CategoryEncoding),
  centerCrop: maker(CenterCrop),
  conv1dTranspose: withDefaults(maker(Conv1DTranspose), kernel),
  convLstm1d: withDefaults(maker(ConvLSTM1D), { ...kernel, unitForgetBias: true }),
  cropping1d: maker(Cropping1D),
  cropping3d: maker(Cropping3D),
  customScaleLayer: maker(CustomScaleLayer),
  depthwiseConv1d: withDefaults(maker(DepthwiseConv1D), depthwise),
  discretization: maker(Discretization),
  einsumDense: maker(EinsumDense),
  elu: maker(ELU),
  gaussianDropout: maker(GaussianDropout),
  gaussianNoise: maker(GaussianNoise),
  globalAveragePooling1d: maker(GlobalAveragePooling1D),
  globalAveragePooling2d: maker(GlobalAveragePooling2D),
  globalAveragePooling3d: maker(GlobalAveragePooling3D),
  globalMaxPooling1d: maker(GlobalMaxPooling1D),
  globalMaxPooling2d: maker(GlobalMaxPooling2D),
  globalMaxPooling3d: maker(GlobalMaxPooling3D),
  groupQueryAttention: maker(GroupedQueryAttention),
  groupNormalization: maker(GroupNormalization),
  gru: maker(ResetAfterGRU),
  identity: maker(Identity),
  layerScale: maker(LayerScale),
  leakyReLU: maker(LeakyReLU),
  multiHeadAttention: maker(MultiHeadAttention),
  normalization: maker(Normalization),
  randomBrightness: maker(RandomBrightness),
  randomContrast: maker(RandomContrast),
  randomCrop: maker(RandomCrop),
  randomFlip: maker(RandomFlip),
  randomRotation: maker(RandomRotation),
  randomTranslation: maker(RandomTranslation),
  randomZoom: maker(RandomZoom),
  reLU: maker(ReLU),
  rescaling: maker(Rescaling),
  reshape: maker(Reshape),
  resizing: maker(Resizing),
  rmsNormalization: maker(RMSNormalization),
  separableConv1d: withDefaults(maker(SeparableConv1D), separable),
  softmax: maker(Softmax),
  spatialDropout2d: maker(SpatialDropout2D),
  spatialDropout3d: maker(SpatialDropout3D),
  spectralNormalization: maker(SpectralNormalization),
  stochasticDepth: maker(StochasticDepth),
  subtract: maker(Subtract),
  unitNormalization: maker(UnitNormalization),
  upSampling1d: maker(UpSampling1D),
  upSampling2d: maker(UpSampling2D),
  upSampling3d: maker(UpSampling3D),
  zeroPadding1d: maker(ZeroPadding1D),
  zeroPadding3d: maker(ZeroPadding3D),
};
