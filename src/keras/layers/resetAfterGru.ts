import { tf } from "../../tensorflow/tf.ts";
import { onlyShape } from "./kerasLayer.ts";

type CellArgs = Parameters<typeof tf.layers.gruCell>[0];
type GruArgs = Parameters<typeof tf.layers.gru>[0];

/** What TensorFlow.js' cell has, and its types hide. */
interface CellInternals {
  units: number;
  kernel: tf.LayerVariable;
  recurrentKernel: tf.LayerVariable;
  bias?: tf.LayerVariable;
  activation: { apply(x: tf.Tensor): tf.Tensor };
  recurrentActivation: { apply(x: tf.Tensor): tf.Tensor };
  useBias: boolean;
  built: boolean;
}

/** The class of TensorFlow.js' cell, which is not exported. */
interface CellClass {
  new (args: CellArgs): tf.layers.RNNCell & { stateSize: number };
  fromConfig: tf.serialization.SerializableConstructor<tf.layers.RNNCell>["fromConfig"];
}
const GRUCell = tf.serialization.SerializationMap.getMap().classNameMap.GRUCell![0] as unknown as CellClass;

/** Keras' own form of the gated recurrent unit: the reset gate comes after the product with the state, with a bias of its own. */
export class ResetAfterGRUCell extends GRUCell {
  static readonly className: string = "ResetAfterGRUCell";

  constructor(args: CellArgs) {
    super({ ...args, resetAfter: false });
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const own = this as unknown as CellInternals;
    // The weights of TensorFlow.js' cell, but with two rows of biases.
    const { useBias } = own;
    own.useBias = false;
    super.build(onlyShape(inputShape));
    own.useBias = useBias;
    if (useBias) own.bias = this.addWeight("bias", [2, 3 * own.units], undefined, tf.initializers.zeros());
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor | tf.Tensor[] {
    const [x, state] = inputs as [tf.Tensor2D, tf.Tensor2D];
    const own = this as unknown as CellInternals;
    return tf.tidy(() => {
      const [ofInput, ofState] = own.bias ? tf.split(own.bias.read(), 2, 0) : [tf.scalar(0), tf.scalar(0)];
      const fromInput = tf.split(x.matMul(own.kernel.read() as tf.Tensor2D).add(ofInput!), 3, 1);
      const fromState = tf.split(state.matMul(own.recurrentKernel.read() as tf.Tensor2D).add(ofState!), 3, 1);
      const update = own.recurrentActivation.apply(fromInput[0]!.add(fromState[0]!));
      const reset = own.recurrentActivation.apply(fromInput[1]!.add(fromState[1]!));
      const candidate = own.activation.apply(fromInput[2]!.add(reset.mul(fromState[2]!)));
      const next = update.mul(state).add(update.neg().add(1).mul(candidate));
      return [next, next.clone()];
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), resetAfter: true };
  }
}

/** A layer of {@link ResetAfterGRUCell}, as Keras' GRU is by default. */
export class ResetAfterGRU extends tf.layers.RNN {
  static override readonly className = "ResetAfterGRU";

  constructor(args: GruArgs) {
    super({ ...args, cell: new ResetAfterGRUCell(args) });
  }

  static override fromConfig<T extends tf.serialization.Serializable>(
    cls: tf.serialization.SerializableConstructor<T>,
    config: tf.serialization.ConfigDict,
  ): T {
    return new cls(config);
  }
}

tf.serialization.registerClass(ResetAfterGRUCell);
tf.serialization.registerClass(ResetAfterGRU);
