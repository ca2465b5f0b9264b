import { tf } from "../../tensorflow/tf.ts";
import { onlyShape } from "./kerasLayer.ts";

type ReshapeArgs = Parameters<typeof tf.layers.reshape>[0];

const TfjsReshape = tf.serialization.SerializationMap.getMap().classNameMap.Reshape![0] as unknown as (new (
  args: ReshapeArgs,
) => tf.layers.Layer & { targetShape: number[] }) &
  Pick<tf.serialization.SerializableConstructor<tf.layers.Layer>, "fromConfig">;

/** Knows the length that `-1` stands for; TensorFlow.js takes the open number of inputs for one of the lengths. */
export class Reshape extends TfjsReshape {
  static readonly className = "Reshape";

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const [batch, ...lengths] = onlyShape(inputShape) as [number | null, ...(number | null)[]];
    if (lengths.includes(null)) {
      return [batch, ...this.targetShape.map((length) => (length === -1 ? null : length))];
    }
    const [, ...target] = super.computeOutputShape([1, ...lengths]) as number[];
    return [batch, ...target];
  }
}

tf.serialization.registerClass(Reshape);
