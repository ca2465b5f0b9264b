import { tf } from "../../tensorflow/tf.ts";
import type { Kwargs } from "./kerasLayer.ts";

type Apply = tf.layers.Layer["apply"];
type Call = (
  this: tf.layers.Layer,
  inputs: tf.Tensor | tf.Tensor[],
  kwargs: Kwargs,
) => tf.Tensor | tf.Tensor[];
type FromConfig = (made: unknown, config: tf.serialization.ConfigDict, ...rest: unknown[]) => tf.RNN;

const recurrent = tf.RNN as unknown as { prototype: { apply: Apply; call: Call }; fromConfig: FromConfig };
const { prototype } = recurrent;
const usual = { apply: prototype.apply, call: prototype.call, fromConfig: recurrent.fromConfig };

// TensorFlow.js leaves the states that a layer begins with among the settings, and calls all layers of a model with the same ones.
prototype.apply = function (this: tf.layers.Layer, inputs, settings) {
  const isSymbolic = [inputs].flat()[0] instanceof tf.SymbolicTensor;
  return usual.apply.call(this, inputs, isSymbolic || !settings ? settings : { ...settings });
};

/** What a cell keeps between the steps of a call, and its types hide. */
interface Cell {
  cells?: Cell[];
  dropoutMask?: tf.Tensor | tf.Tensor[] | null;
  recurrentDropoutMask?: tf.Tensor | tf.Tensor[] | null;
}

/** Frees what a cell would drop out in training: TensorFlow.js makes it in prediction, too, and keeps it. */
function freeDropout(cell: Cell): void {
  cell.cells?.forEach(freeDropout);
  for (const key of ["dropoutMask", "recurrentDropoutMask"] as const) {
    if (!cell[key]) continue;
    tf.dispose(cell[key]);
    cell[key] = null;
  }
}

// As Keras 3 does: a layer that is called with states to begin with is not told which steps are masked.
prototype.call = function (inputs, { mask, ...kwargs }) {
  const results = usual.call.call(this, inputs, kwargs.initialState ? kwargs : { ...kwargs, mask });
  if (kwargs.training !== true) freeDropout((this as unknown as { cell: Cell }).cell);
  return results;
};

// TensorFlow.js puts the cell that it made into the description, which Bidirectional reads twice.
recurrent.fromConfig = (made, config, ...rest) => usual.fromConfig.call(tf.RNN, made, { ...config }, ...rest);
tf.serialization.registerClass(tf.RNN);
