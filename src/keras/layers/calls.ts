import { tf } from "../../tensorflow/tf.ts";
import { leaveMasks, maskForCall } from "./masks.ts";
import "./mergedMasks.ts";
import "./recurrent.ts";

type Layer = tf.layers.Layer;
type Apply = Layer["apply"];

/** What a symbolic tensor of TensorFlow.js has, and its types hide. */
interface Result {
  inputs: tf.SymbolicTensor[];
}

/** For calls with so many different tensors: which of them each argument is. */
type Repeats = Map<number, number[]>;

const repeatsOf = new WeakMap<Layer, Repeats>();

/**
 * A call with a tensor twice, as `add([x, x])`. When a model computes, TensorFlow.js counts such a tensor twice and frees it while
 * another layer still needs it. So it sees the tensor once, and the layer gets it as often as it was called with it.
 */
function rememberRepeats(
  layer: Layer,
  inputs: readonly tf.SymbolicTensor[],
  results: readonly Result[],
): void {
  const different = [...new Set(inputs)];
  if (different.length === inputs.length) return;
  const places = inputs.map((input) => different.indexOf(input));
  const repeats: Repeats = repeatsOf.get(layer) ?? new Map<number, number[]>();
  const known = repeats.get(different.length);
  if (known && known.join() !== places.join()) return;
  repeatsOf.set(layer, repeats.set(different.length, places));
  for (const result of results) result.inputs = different;
}

function withRepeats(layer: Layer, inputs: tf.Tensor | tf.Tensor[]): tf.Tensor | tf.Tensor[] {
  const given = [inputs].flat();
  return (
    repeatsOf
      .get(layer)
      ?.get(given.length)
      ?.map((place) => given[place]!) ?? inputs
  );
}

/** Lets a model's layers get what they were called with. */
function installCalls(): void {
  const prototype = tf.layers.Layer.prototype as unknown as { apply: Apply; setMaskMetadata: () => void };
  const usual = prototype.apply;
  // TensorFlow.js' own way does not know the masks of the inputs.
  prototype.setMaskMetadata = () => undefined;
  prototype.apply = function (this: Layer, inputs, kwargs) {
    if ([inputs].flat()[0] instanceof tf.SymbolicTensor) {
      const results = usual.call(this, inputs, kwargs);
      const symbols = [inputs].flat() as tf.SymbolicTensor[];
      rememberRepeats(this, symbols, [results].flat() as unknown as Result[]);
      // States are among the inputs; here they would stop the settings from being written into a file.
      if (kwargs && "initialState" in kwargs) {
        Object.defineProperty(kwargs, "initialState", { enumerable: false });
      }
      return results;
    }
    const given = withRepeats(this, inputs as tf.Tensor | tf.Tensor[]);
    const tensors = [given].flat();
    const settings = maskForCall(this, tensors, kwargs ?? {});
    const results = usual.call(this, given, settings) as tf.Tensor | tf.Tensor[];
    if (this.supportsMasking) leaveMasks(this, tensors, [results].flat());
    // TensorFlow.js hands the same object to all layers of a model: without this a mask would be that of those after it, too.
    if (kwargs) delete kwargs.mask;
    return results;
  };
}

installCalls();
