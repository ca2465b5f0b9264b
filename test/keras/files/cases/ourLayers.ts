import { layers as ours } from "../../../../src/keras/layers.ts";
import { map, recurrentActivation, row, sequence, volume, type LayerCases } from "./layerCase.ts";

/** Layers that TensorFlow.js has not, or has otherwise. */
export const ourCases: LayerCases = {
  ResetAfterGRU: [
    {
      make: () => ours.gru({ units: 3, recurrentActivation, returnSequences: true }),
      inputs: sequence,
    },
    { make: () => ours.gru({ units: 3, recurrentActivation, useBias: false }), inputs: sequence },
  ],
  Bidirectional: [
    {
      make: () =>
        ours.bidirectional({
          layer: ours.gru({ units: 3, recurrentActivation, returnSequences: true }),
          backwardLayer: ours.simpleRNN({ units: 3, goBackwards: true, returnSequences: true }),
          mergeMode: "sum",
        }),
      inputs: sequence,
    },
  ],
  BatchNormalization: [
    { make: () => ours.batchNormalization({}), inputs: volume },
    { make: () => ours.batchNormalization({ axis: 1, scale: false }), inputs: volume },
  ],
  LayerNormalization: [{ make: () => ours.layerNormalization({}), inputs: volume }],
  ActivityRegularization: [{ make: () => ours.activityRegularization({ l1: 0.1 }), inputs: map }],
  Discretization: [
    { make: () => ours.discretization({ binBoundaries: [-0.5, 0, 0.3] }), inputs: sequence },
    {
      make: () => ours.discretization({ binBoundaries: [-0.5, 0, 0.3], outputMode: "multiHot" }),
      inputs: row,
    },
  ],
  ConvLSTM1D: [
    {
      make: () => ours.convLstm1d({ filters: 2, kernelSize: 3, recurrentActivation, returnSequences: true }),
      inputs: [[3, 6, 2]],
    },
    {
      make: () =>
        ours.convLstm1d({ filters: 2, kernelSize: 2, strides: 2, padding: "same", recurrentActivation }),
      inputs: [[3, 7, 2]],
    },
  ],
  LeakyReLU: [{ make: () => ours.leakyReLU({ alpha: 0.1 }), inputs: sequence }],
  Conv1D: [
    {
      make: () => ours.conv1d({ filters: 3, kernelSize: 3, padding: "causal", dilationRate: 2 }),
      inputs: sequence,
    },
    {
      make: () => ours.conv1d({ filters: 6, kernelSize: 2, groups: 2, activation: "relu" }),
      inputs: sequence,
    },
  ],
  Conv2D: [
    {
      make: () => ours.conv2d({ filters: 6, kernelSize: 3, groups: 2, strides: 2, padding: "same" }),
      inputs: map,
    },
    { make: () => ours.conv2d({ filters: 8, kernelSize: 3, groups: 4, activation: "tanh" }), inputs: map },
    {
      make: () => ours.conv2d({ filters: 4, kernelSize: 3, groups: 4, strides: [1, 2], useBias: false }),
      inputs: map,
    },
  ],
  Conv3D: [
    { make: () => ours.conv3d({ filters: 4, kernelSize: 2, groups: 2 }), inputs: volume },
    { make: () => ours.conv3d({ filters: 3, kernelSize: 2, dilationRate: [1, 2, 2] }), inputs: volume },
  ],
  Conv1DTranspose: [
    {
      make: () =>
        ours.conv1dTranspose({ filters: 3, kernelSize: 3, strides: 2, padding: "same", outputPadding: 1 }),
      inputs: sequence,
    },
    { make: () => ours.conv1dTranspose({ filters: 3, kernelSize: 3, dilationRate: 2 }), inputs: sequence },
    { make: () => ours.conv1dTranspose({ filters: 3, kernelSize: 3, strides: 2 }), inputs: sequence },
    {
      make: () =>
        ours.conv1dTranspose({ filters: 3, kernelSize: 2, strides: 2, padding: "same", activation: "relu" }),
      inputs: sequence,
    },
  ],
  DepthwiseConv1D: [
    {
      make: () => ours.depthwiseConv1d({ kernelSize: 3, depthMultiplier: 2, padding: "same" }),
      inputs: sequence,
    },
    { make: () => ours.depthwiseConv1d({ kernelSize: 2, strides: 2, useBias: false }), inputs: sequence },
  ],
  SeparableConv1D: [
    {
      make: () => ours.separableConv1d({ filters: 3, kernelSize: 2, depthMultiplier: 2, padding: "same" }),
      inputs: sequence,
    },
    {
      make: () => ours.separableConv1d({ filters: 3, kernelSize: 3, strides: 2, activation: "relu" }),
      inputs: sequence,
    },
  ],
  Conv2DTranspose: [
    {
      make: () =>
        ours.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2, padding: "same", outputPadding: 1 }),
      inputs: map,
    },
    {
      make: () =>
        ours.conv2dTranspose({ filters: 3, kernelSize: [3, 4], strides: [2, 3], outputPadding: [1, 2] }),
      inputs: map,
    },
    {
      make: () => ours.conv2dTranspose({ filters: 3, kernelSize: 3, padding: "same", dilationRate: 2 }),
      inputs: map,
    },
  ],
  Conv3DTranspose: [
    {
      make: () =>
        ours.conv3dTranspose({ filters: 2, kernelSize: 3, strides: 2, padding: "same", outputPadding: 0 }),
      inputs: volume,
    },
  ],
  DepthwiseConv2D: [
    {
      make: () =>
        ours.depthwiseConv2d({
          kernelSize: [3, 2],
          dilationRate: [2, 1],
          depthMultiplier: 2,
          depthwiseConstraint: "nonNeg",
        }),
      inputs: map,
    },
    { make: () => ours.depthwiseConv2d({ kernelSize: 3, dilationRate: 2, padding: "same" }), inputs: map },
  ],
  MultiHeadAttention: [
    {
      make: () => ours.multiHeadAttention({ numHeads: 2, keyDim: 3 }),
      inputs: [
        [5, 4],
        [6, 3],
      ],
    },
    {
      make: () =>
        ours.multiHeadAttention({ numHeads: 2, keyDim: 3, valueDim: 2, outputShape: 7, useBias: false }),
      inputs: [
        [5, 4],
        [6, 3],
        [6, 5],
      ],
    },
    {
      make: () => ours.multiHeadAttention({ numHeads: 2, keyDim: 3, attentionAxes: [1, 2], useGate: true }),
      inputs: [
        [3, 2, 4],
        [3, 2, 4],
      ],
    },
  ],
  GroupedQueryAttention: [
    {
      make: () => ours.groupQueryAttention({ headDim: 3, numQueryHeads: 4, numKeyValueHeads: 2 }),
      inputs: [
        [5, 4],
        [6, 4],
      ],
    },
  ],
  Attention: [
    // Keras takes the word "dot" in a .h5 file for a function.
    {
      make: () => ours.attention({ useScale: true }),
      inputs: [
        [3, 4],
        [5, 4],
      ],
      notAsH5: true,
    },
    {
      make: () => ours.attention({ scoreMode: "concat" }),
      inputs: [
        [3, 4],
        [5, 6],
        [5, 4],
      ],
    },
  ],
  AdditiveAttention: [
    {
      make: () => ours.additiveAttention(),
      inputs: [
        [3, 4],
        [5, 4],
      ],
    },
  ],
  EinsumDense: [
    {
      make: () => ours.einsumDense({ equation: "abc,cd->abd", outputShape: [null, 3], biasAxes: "d" }),
      inputs: sequence,
    },
    {
      make: () =>
        ours.einsumDense({
          equation: "...x,xyz->...yz",
          outputShape: [3, 2],
          biasAxes: "z",
          activation: "relu",
        }),
      inputs: sequence,
    },
  ],
  ReLU: [
    { make: () => ours.reLU({ maxValue: 0.8, negativeSlope: 0.1, threshold: 0.2 }), inputs: map },
    { make: () => ours.reLU({ maxValue: 0.6, threshold: 0.2 }), inputs: map },
  ],
  Softmax: [{ make: () => ours.softmax({ axis: 1 }), inputs: map }],
  AdaptiveAveragePooling1D: [
    { make: () => ours.adaptiveAveragePooling1d({ outputSize: 3 }), inputs: sequence },
  ],
  AdaptiveAveragePooling2D: [
    { make: () => ours.adaptiveAveragePooling2d({ outputSize: [4, 7] }), inputs: map },
  ],
  AdaptiveAveragePooling3D: [
    { make: () => ours.adaptiveAveragePooling3d({ outputSize: 3 }), inputs: volume },
  ],
  AdaptiveMaxPooling1D: [{ make: () => ours.adaptiveMaxPooling1d({ outputSize: 4 }), inputs: sequence }],
  AdaptiveMaxPooling2D: [{ make: () => ours.adaptiveMaxPooling2d({ outputSize: [4, 5] }), inputs: map }],
  AdaptiveMaxPooling3D: [
    { make: () => ours.adaptiveMaxPooling3d({ outputSize: [1, 2, 3] }), inputs: volume },
  ],
  RMSNormalization: [{ make: () => ours.rmsNormalization(), inputs: map }],
  SpectralNormalization: [
    {
      make: () => ours.spectralNormalization({ layer: ours.dense({ units: 3 }), powerIterations: 2 }),
      inputs: row,
    },
  ],
  Reshape: [{ make: () => ours.reshape({ targetShape: [-1, 4] }), inputs: map }],
  CenterCrop: [{ make: () => ours.centerCrop({ height: 9, width: 7 }), inputs: map }],
  Resizing: [
    { make: () => ours.resizing({ height: 9, width: 4, interpolation: "bicubic" }), inputs: map },
    { make: () => ours.resizing({ height: 4, width: 9, interpolation: "lanczos3" }), inputs: map },
    { make: () => ours.resizing({ height: 4, width: 2, cropToAspectRatio: true }), inputs: map },
  ],
  // Keras reads the layers of its applications only where the file says which module they are from.
  LayerScale: [{ make: () => ours.layerScale({ projectionDim: 4 }), inputs: map, notAsH5: true }],
  StochasticDepth: [{ make: () => ours.stochasticDepth({ dropPathRate: 0.3 }), inputs: map, notAsH5: true }],
  CustomScaleLayer: [
    { make: () => ours.customScaleLayer({ scale: 0.3 }), inputs: [map[0]!, map[0]!], notAsH5: true },
  ],
  RandomCrop: [{ make: () => ours.randomCrop({ height: 3, width: 4 }), inputs: map, notAsH5: true }],
  Subtract: [{ make: () => ours.subtract(), inputs: [row[0]!, row[0]!] }],
  Identity: [{ make: () => ours.identity(), inputs: row }],
  SpatialDropout2D: [{ make: () => ours.spatialDropout2d({ rate: 0.3 }), inputs: map }],
  SpatialDropout3D: [{ make: () => ours.spatialDropout3d({ rate: 0.3 }), inputs: volume }],
  UnitNormalization: [{ make: () => ours.unitNormalization(), inputs: map }],
  GroupNormalization: [
    { make: () => ours.groupNormalization({ groups: 2 }), inputs: map },
    { make: () => ours.groupNormalization({ groups: -1, scale: false }), inputs: map },
  ],
  Normalization: [
    { make: () => ours.normalization(), inputs: map },
    { make: () => ours.normalization({ mean: 0.3, variance: 4 }), inputs: map },
    {
      make: () => ours.normalization({ mean: [1, 2, 3, 4], variance: [1, 2, 3, 4], invert: true }),
      inputs: map,
    },
    { make: () => ours.normalization({ axis: null }), inputs: row, notAsH5: true },
  ],
  Rescaling: [{ make: () => ours.rescaling({ scale: [1, 2, 3, 4], offset: [0, 1, 0, -1] }), inputs: map }],
  ZeroPadding1D: [{ make: () => ours.zeroPadding1d({ padding: [1, 2] }), inputs: sequence }],
  ZeroPadding3D: [{ make: () => ours.zeroPadding3d({ padding: [1, 2, 0] }), inputs: volume }],
  Cropping1D: [{ make: () => ours.cropping1d({ cropping: [1, 2] }), inputs: sequence }],
  Cropping3D: [
    {
      make: () =>
        ours.cropping3d({
          cropping: [
            [1, 0],
            [0, 2],
            [1, 1],
          ],
        }),
      inputs: volume,
    },
  ],
  UpSampling1D: [{ make: () => ours.upSampling1d({ size: 3 }), inputs: sequence }],
  UpSampling3D: [{ make: () => ours.upSampling3d({ size: [1, 2, 3] }), inputs: [[2, 2, 2, 2]] }],
  UpSampling2D: [{ make: () => ours.upSampling2d({ interpolation: "bicubic" }), inputs: map }],
  GlobalAveragePooling1D: [{ make: () => ours.globalAveragePooling1d({ keepdims: true }), inputs: sequence }],
  GlobalMaxPooling1D: [{ make: () => ours.globalMaxPooling1d({ keepdims: true }), inputs: sequence }],
  GlobalAveragePooling2D: [{ make: () => ours.globalAveragePooling2d({ keepdims: true }), inputs: map }],
  GlobalMaxPooling2D: [{ make: () => ours.globalMaxPooling2d({ keepdims: true }), inputs: map }],
  GlobalAveragePooling3D: [{ make: () => ours.globalAveragePooling3d({}), inputs: volume }],
  GlobalMaxPooling3D: [{ make: () => ours.globalMaxPooling3d({}), inputs: volume }],
  RandomFlip: [{ make: () => ours.randomFlip({ mode: "horizontal" }), inputs: map }],
  RandomRotation: [{ make: () => ours.randomRotation({ factor: 0.2, fillMode: "nearest" }), inputs: map }],
  RandomZoom: [{ make: () => ours.randomZoom({ heightFactor: [-0.2, 0.1] }), inputs: map, notAsH5: true }],
  RandomTranslation: [
    {
      make: () => ours.randomTranslation({ heightFactor: 0.2, widthFactor: [0, 0.3] }),
      inputs: map,
      notAsH5: true,
    },
  ],
  RandomContrast: [{ make: () => ours.randomContrast({ factor: 0.2 }), inputs: map, notAsH5: true }],
  RandomBrightness: [{ make: () => ours.randomBrightness({ factor: 0.2 }), inputs: map, notAsH5: true }],
};
