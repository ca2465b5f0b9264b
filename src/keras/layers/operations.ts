import { tf } from "../../tensorflow/tf.ts";
import { unary, type Operations } from "./operations/compute.ts";
import { elementwise } from "./operations/elementwise.ts";
import { neural } from "./operations/neural.ts";
import { reductions } from "./operations/reductions.ts";
import { shapes } from "./operations/shapes.ts";

const functions: Operations = {
  convertToTensor: unary((x) => x.clone()),
  erf: unary(tf.erf),
  rsqrt: unary(tf.rsqrt),
};

/** What Keras 3's operations compute, under their names in camelCase; operands come before settings. */
export const operations: Operations = {
  ...elementwise,
  ...reductions,
  ...shapes,
  ...neural,
  ...functions,
};

/** Those of `keras.ops.nn` in which numbers meet their neighbours. */
const mixing = new Set([
  ...["averagePool", "maxPool", "normalize", "oneHot"],
  ...["softmax", "logSoftmax", "sparsemax", "glu"],
]);

/** Whether each number of the result comes of the numbers at its own place. */
export const isElementwise = (name: string): boolean =>
  name in elementwise || name in functions || (name in neural && !mixing.has(name));

const modules: Readonly<Record<string, string>> = {
  cast: "core",
  convertToTensor: "core",
  unstack: "core",
  resize: "image",
  norm: "linalg",
  logsumexp: "math",
  erf: "math",
  rsqrt: "math",
};

/** In which of its modules Keras has an operation. */
export const operationModule = (name: string): string =>
  `keras.src.ops.${modules[name] ?? (name in neural ? "nn" : "numpy")}`;
