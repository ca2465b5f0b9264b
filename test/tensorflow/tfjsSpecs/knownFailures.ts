/** Specs of tfjs-core that are expected to fail here, and why. A spec that begins to pass makes its rule stale: take it out then. */
export interface KnownFailure {
  /** How the names of the specs begin, without the backend's name. */
  names: string[];
  /** What their message must contain, so that no other failure hides behind the rule. */
  message: string;
  reason: string;
}

export const knownFailures: KnownFailure[] = [
  {
    names: [
      "bitwiseAnd",
      "image.transform",
      "lowerBound",
      "upperBound",
      "searchSorted",
      "maxPoolWithArgmax",
      "raggedGather",
      "raggedRange",
      "raggedTensorToTensor",
      "sparseFillEmptyRows",
      "sparseReshape",
      "sparseSegmentMean",
      "sparseSegmentSum",
      "stringNGrams",
      "stringSplit",
      "stringToHashBucketFast",
    ],
    message: "not registered for backend 'tensorflow'",
    reason:
      "tfjs-node 4.22 has no kernel of that name: a gap in its JavaScript, which the binding cannot fill",
  },
  {
    names: ["avgPool", "avgPool3d", "conv2dTranspose", "maxPool", "maxPool3d", "maxPoolBackprop", "pool"],
    message: "TF Backend supports only 'valid' and 'same' padding",
    reason: "the kernels of tfjs-node refuse padding by numbers before they call the binding",
  },
  {
    names: ["fused conv2d"],
    message: "does not support dataFormat:'NCHW'",
    reason: "the fused kernel of tfjs-node refuses NCHW before it calls the binding",
  },
  {
    names: [
      "diag bool",
      "greater should support string",
      "greaterEqual should support string",
      "less should support string",
      "lessEqual should support string",
      "leakyrelu int32",
      "step kernel with int32",
    ],
    message: "is not in the list of allowed values",
    reason: "TensorFlow's operation is not defined for that type",
  },
  {
    names: ["gather throws when"],
    message: "but it threw an exception with message 'GatherV2: ",
    reason: "TensorFlow says it in its own words; to say it in others, every index would have to be read",
  },
  {
    names: ["scatterND"],
    message: "must match dimensions",
    reason:
      "the specs give updates of a shape that TensorFlow refuses and tfjs' own kernels let pass (tfjs#806)",
  },
  {
    names: ["sign"],
    message: "actual",
    reason: "TensorFlow's Sign of NaN is NaN, as in Python; tfjs wants 0",
  },
  {
    names: ["unique 1d tensor with NaN and Infinity"],
    message: "to equal 2",
    reason: "TensorFlow's Unique holds two NaN for different values, as in Python",
  },
  {
    names: ["einsum 2d matrix calculate trace", "einsum nonexistent dimension"],
    message: "to throw an Error",
    reason: "TensorFlow computes what tfjs' own kernel does not and reports as an error",
  },
  {
    names: ["round int32"],
    message: "actual[0] = 0",
    reason: "TensorFlow 2.21 rounds int32 to 0; the same with tf.raw_ops.Round in Python",
  },
  {
    names: ["tan numbers exceed float32 precision"],
    message: "30144.177",
    reason:
      "the tangent of a number near a pole, where neighbouring floats are further apart than the spec allows",
  },
  {
    names: ["avgPool3d x=[1,1,1,1,1] f=[1,1,3]"],
    message: "output size would be negative",
    reason: "TensorFlow refuses a window larger than the picture (tensorflow#58758)",
  },
  {
    names: ["conv2dTranspose input=8x8x8,output=4x4x8,f=8"],
    message: "could not create a primitive descriptor",
    reason: "the shapes of the spec do not belong together, and TensorFlow, which checks them, refuses",
  },
];
