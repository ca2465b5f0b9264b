import { InputError } from "../../errors.ts";
import { tf } from "../../tensorflow/tf.ts";
import { adviseLayer } from "./layerShapes.ts";

/**
 * Lets layers refuse, when a model is built, maps that their window does not fit into: TensorFlow.js builds nets whose maps have
 * no pixels, or says no more than that a dimension is negative.
 */
export function installLayerAdvice(): void {
  const { prototype } = tf.layers.Layer;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called with its layer below
  const usual = prototype.apply;
  prototype.apply = function (inputs, options) {
    if (inputs instanceof tf.SymbolicTensor) {
      const advice = adviseLayer(this, inputs.shape);
      if (advice !== undefined) throw new InputError(advice);
    }
    return usual.call(this, inputs, options);
  };
}
