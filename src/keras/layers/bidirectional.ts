import { tf } from "../../tensorflow/tf.ts";
import type { Kwargs } from "./kerasLayer.ts";
// Lets layers be made twice from one description.
import "./recurrent.ts";

type TfjsArgs = Parameters<typeof tf.layers.bidirectional>[0];

export interface BidirectionalArgs extends TfjsArgs {
  /** What reads the steps from the last to the first; default: a copy of `layer`. It must have `goBackwards`, and return what `layer` does. */
  backwardLayer?: tf.RNN;
}

interface Described {
  className: string;
  config: tf.serialization.ConfigDict;
}

const classOf = (name: string) => tf.serialization.SerializationMap.getMap().classNameMap[name]!;

/** TensorFlow.js' class, and what its types hide. */
const [TfjsBidirectional] = classOf("Bidirectional") as unknown as [
  (new (args: TfjsArgs) => tf.layers.Layer & {
    backwardLayer: tf.RNN;
    mergeMode: string | null;
    returnSequences: boolean;
  }) &
    Pick<typeof tf.layers.RNN, "fromConfig">,
];

/** A recurrent layer that reads steps from both ends; the layer for the way back may be another one. */
export class Bidirectional extends TfjsBidirectional {
  static readonly className = "Bidirectional";
  readonly #hasOwn: boolean;

  constructor({ backwardLayer, ...args }: BidirectionalArgs) {
    super(args);
    this.#hasOwn = backwardLayer !== undefined;
    if (backwardLayer) this.backwardLayer = backwardLayer;
  }

  override apply(
    ...[inputs, settings]: Parameters<tf.layers.Layer["apply"]>
  ): ReturnType<tf.layers.Layer["apply"]> {
    const isSymbolic = [inputs].flat()[0] instanceof tf.SymbolicTensor;
    return super.apply(inputs, isSymbolic || !settings ? settings : { ...settings });
  }

  /** Steps that are masked give zeros, as in Keras; TensorFlow.js gives the ones before again. */
  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Kwargs): tf.Tensor | tf.Tensor[] {
    const mask = [kwargs.mask as tf.Tensor | null | undefined].flat()[0];
    if (!mask || !this.returnSequences) return super.call(inputs, kwargs);
    return tf.tidy(() => {
      const results = [super.call(inputs, kwargs)].flat();
      const sequences = this.mergeMode === null ? 2 : 1;
      const counts = mask.toFloat().expandDims(-1);
      const masked = results.map((result, index) => (index < sequences ? result.mul(counts) : result));
      return masked.length === 1 ? masked[0]! : masked;
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { backwardLayer } = this;
    const own = { className: backwardLayer.getClassName(), config: backwardLayer.getConfig() };
    return { ...super.getConfig(), ...(this.#hasOwn && { backwardLayer: own }) };
  }

  static override fromConfig<Made extends tf.serialization.Serializable>(
    made: tf.serialization.SerializableConstructor<Made>,
    { backwardLayer, ...config }: tf.serialization.ConfigDict,
  ): Made {
    if (!backwardLayer) return super.fromConfig(made, config);
    const { className, config: own } = backwardLayer as unknown as Described;
    const [Backward, fromConfig] = classOf(className);
    return super.fromConfig(made, { ...config, backwardLayer: fromConfig(Backward, own) as never });
  }
}

tf.serialization.registerClass(Bidirectional);
