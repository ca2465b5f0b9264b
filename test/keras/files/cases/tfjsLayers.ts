import { layers as ours } from "../../../../src/keras/layers.ts";
import { tf } from "../../../../src/tensorflow/tf.ts";
import { map, recurrentActivation, row, sequence, three, volume, type LayerCases } from "./layerCase.ts";

const { layers } = tf;

/** For each class of layers that TensorFlow.js has: options that are not the default. */
export const layerCases: LayerCases = {
  Dense: [
    { make: () => layers.dense({ units: 3, activation: "tanh" }), inputs: row },
    { make: () => layers.dense({ units: 3, useBias: false, kernelRegularizer: "l1l2" }), inputs: sequence },
  ],
  Activation: [
    "elu",
    "selu",
    "relu",
    "relu6",
    "linear",
    "sigmoid",
    "softplus",
    "softsign",
    "tanh",
    "softmax",
    "logSoftmax",
    "gelu",
    "mish",
    "swish",
    // Ours.
    "exponential",
    "celu",
    "hardSigmoid3",
    "hardSilu",
    "hardTanh",
    "hardShrink",
    "softShrink",
    "tanhShrink",
    "leakyRelu",
    "glu",
    "sparsemax",
    "logSigmoid",
    "squareplus",
    "sparsePlus",
    "sparseSigmoid",
  ].map((name) => ({ make: () => layers.activation({ activation: name as "elu" }), inputs: row })),
  ReLU: [
    { make: () => layers.reLU({}), inputs: map },
    { make: () => layers.reLU({ maxValue: 0.4 }), inputs: map },
  ],
  LeakyReLU: [{ make: () => layers.leakyReLU({ alpha: 0.2 }), inputs: map }],
  PReLU: [
    { make: () => layers.prelu({}), inputs: row },
    { make: () => layers.prelu({ sharedAxes: [1, 2] }), inputs: map },
  ],
  ELU: [
    { make: () => layers.elu({}), inputs: map },
    { make: () => ours.elu({ alpha: 0.7 }), inputs: map },
  ],
  ThresholdedReLU: [{ make: () => layers.thresholdedReLU({ theta: 0.3 }), inputs: map }],
  Softmax: [
    { make: () => layers.softmax({ axis: -1 }), inputs: map },
    { make: () => layers.softmax({ axis: 1 }), inputs: sequence },
  ],
  Conv1D: [{ make: () => layers.conv1d({ filters: 3, kernelSize: 2, strides: 2 }), inputs: sequence }],
  Conv2D: [
    {
      make: () => layers.conv2d({ filters: 3, kernelSize: [3, 2], strides: 2, padding: "same" }),
      inputs: map,
    },
    {
      make: () => layers.conv2d({ filters: 3, kernelSize: 2, dilationRate: 2, useBias: false }),
      inputs: map,
    },
  ],
  Conv3D: [{ make: () => layers.conv3d({ filters: 2, kernelSize: 2 }), inputs: volume }],
  Conv2DTranspose: [
    { make: () => layers.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2 }), inputs: map },
    {
      make: () => layers.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2, padding: "same" }),
      inputs: map,
    },
  ],
  Conv3DTranspose: [
    { make: () => layers.conv3dTranspose({ filters: 2, kernelSize: 2, strides: 2 }), inputs: [[3, 3, 3, 2]] },
  ],
  SeparableConv2D: [
    { make: () => layers.separableConv2d({ filters: 3, kernelSize: 3, depthMultiplier: 2 }), inputs: map },
  ],
  DepthwiseConv2D: [
    {
      make: () => layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2, padding: "same" }),
      inputs: map,
    },
  ],
  Cropping2D: [
    {
      make: () =>
        layers.cropping2D({
          cropping: [
            [1, 2],
            [0, 1],
          ],
        }),
      inputs: map,
    },
  ],
  UpSampling2D: [
    { make: () => layers.upSampling2d({ size: [2, 3] }), inputs: map },
    { make: () => ours.upSampling2d({ interpolation: "bilinear" }), inputs: map },
    { make: () => ours.upSampling2d({ size: 3 }), inputs: map },
  ],
  ZeroPadding2D: [
    {
      make: () =>
        layers.zeroPadding2d({
          padding: [
            [1, 2],
            [0, 3],
          ],
        }),
      inputs: map,
    },
  ],
  SimpleRNN: [{ make: () => layers.simpleRNN({ units: 3 }), inputs: sequence }],
  GRU: [
    { make: () => layers.gru({ units: 3, recurrentActivation, returnSequences: true }), inputs: sequence },
  ],
  LSTM: [
    { make: () => layers.lstm({ units: 3, recurrentActivation }), inputs: sequence },
    {
      make: () => layers.lstm({ units: 3, recurrentActivation, dropout: 0.2, recurrentDropout: 0.1 }),
      inputs: sequence,
    },
    {
      make: () => layers.lstm({ units: 3, recurrentActivation, goBackwards: true, returnSequences: true }),
      inputs: sequence,
    },
  ],
  RNN: [
    {
      make: () => layers.rnn({ cell: layers.lstmCell({ units: 3, recurrentActivation }) }),
      inputs: sequence,
    },
    {
      make: () => layers.rnn({ cell: layers.gruCell({ units: 3, recurrentActivation, dropout: 0.2 }) }),
      inputs: sequence,
    },
  ],
  StackedRNNCells: [
    {
      make: () =>
        layers.rnn({
          cell: [
            layers.lstmCell({ units: 2, recurrentActivation }),
            layers.gruCell({ units: 3, recurrentActivation }),
            layers.simpleRNNCell({ units: 2 }),
          ],
        }),
      inputs: sequence,
    },
  ],
  ConvLSTM2D: [
    {
      make: () => layers.convLstm2d({ filters: 2, kernelSize: 3, recurrentActivation }),
      inputs: [[3, 6, 6, 2]],
    },
  ],
  Bidirectional: [
    {
      make: () =>
        layers.bidirectional({
          layer: layers.lstm({ units: 3, recurrentActivation, returnSequences: true }),
          mergeMode: "concat",
        }),
      inputs: sequence,
    },
  ],
  TimeDistributed: [
    {
      make: () => layers.timeDistributed({ layer: layers.conv2d({ filters: 2, kernelSize: 3 }) }),
      inputs: [[3, 6, 6, 2]],
    },
  ],
  Dropout: [{ make: () => layers.dropout({ rate: 0.3 }), inputs: row }],
  SpatialDropout1D: [{ make: () => layers.spatialDropout1d({ rate: 0.3 }), inputs: sequence }],
  AlphaDropout: [{ make: () => layers.alphaDropout({ rate: 0.3 }), inputs: row }],
  GaussianDropout: [{ make: () => layers.gaussianDropout({ rate: 0.3 }), inputs: row }],
  GaussianNoise: [{ make: () => layers.gaussianNoise({ stddev: 0.3 }), inputs: row }],
  Flatten: [{ make: () => layers.flatten(), inputs: map }],
  RepeatVector: [{ make: () => layers.repeatVector({ n: 3 }), inputs: row }],
  Reshape: [{ make: () => layers.reshape({ targetShape: [3, -1] }), inputs: map }],
  Permute: [{ make: () => layers.permute({ dims: [3, 1, 2] }), inputs: map }],
  Masking: [{ make: () => layers.masking({ maskValue: 0 }), inputs: sequence }],
  Embedding: [{ make: () => layers.embedding({ inputDim: 4, outputDim: 3 }), inputs: [[5]], integers: true }],
  Add: [{ make: () => layers.add(), inputs: three }],
  Multiply: [{ make: () => layers.multiply(), inputs: three }],
  Average: [{ make: () => layers.average(), inputs: three }],
  Maximum: [{ make: () => layers.maximum(), inputs: three }],
  Minimum: [{ make: () => layers.minimum(), inputs: three }],
  Concatenate: [{ make: () => layers.concatenate({ axis: 1 }), inputs: three }],
  Dot: [{ make: () => layers.dot({ axes: -1, normalize: true }), inputs: [row[0]!, row[0]!] }],
  BatchNormalization: [
    { make: () => layers.batchNormalization({ epsilon: 0.01 }), inputs: map },
    { make: () => layers.batchNormalization({ scale: false, center: false }), inputs: row },
  ],
  LayerNormalization: [{ make: () => layers.layerNormalization({ epsilon: 0.01 }), inputs: sequence }],
  MaxPooling1D: [{ make: () => layers.maxPooling1d({ poolSize: 2 }), inputs: sequence }],
  AveragePooling1D: [
    { make: () => layers.averagePooling1d({ poolSize: 2, padding: "same" }), inputs: sequence },
  ],
  MaxPooling2D: [
    { make: () => layers.maxPooling2d({ poolSize: 3, strides: 2, padding: "same" }), inputs: map },
  ],
  AveragePooling2D: [{ make: () => layers.averagePooling2d({ poolSize: 2, strides: 1 }), inputs: map }],
  MaxPooling3D: [{ make: () => layers.maxPooling3d({ poolSize: 2 }), inputs: volume }],
  AveragePooling3D: [{ make: () => layers.averagePooling3d({ poolSize: 2 }), inputs: volume }],
  GlobalAveragePooling1D: [{ make: () => layers.globalAveragePooling1d({}), inputs: sequence }],
  GlobalMaxPooling1D: [{ make: () => layers.globalMaxPooling1d({}), inputs: sequence }],
  GlobalAveragePooling2D: [{ make: () => layers.globalAveragePooling2d({}), inputs: map }],
  GlobalMaxPooling2D: [{ make: () => layers.globalMaxPooling2d({}), inputs: map }],
  Rescaling: [{ make: () => layers.rescaling({ scale: 0.5, offset: -1 }), inputs: map }],
  Resizing: [
    { make: () => ours.resizing({ height: 4, width: 9 }), inputs: map },
    { make: () => ours.resizing({ height: 4, width: 9, interpolation: "nearest" }), inputs: map },
  ],
  CenterCrop: [{ make: () => ours.centerCrop({ height: 3, width: 4 }), inputs: map }],
  CategoryEncoding: [
    {
      make: () => ours.categoryEncoding({ numTokens: 4, outputMode: "multiHot" }),
      inputs: [[5]],
      integers: true,
    },
  ],
};
