import { tf } from "../../tensorflow/tf.ts";
import { KerasLayer, type LayerArgs } from "./kerasLayer.ts";
import { isElementwise, operations } from "./operations.ts";
import type { Options } from "./operations/compute.ts";

export interface OperationSettings {
  /** Which one, by Keras' name in camelCase. */
  operation: string;
  /** What it is called on, in order: a number, or `null` for the next of the layer's inputs. */
  operands: (number | number[] | null)[];
  /** Its settings, in camelCase. */
  options: Options;
}

/** A single operation on tensors and numbers, as Keras keeps `x / 127.5 - 1` between two layers. */
export class Operation extends KerasLayer<OperationSettings> {
  static readonly className = "Operation";
  readonly isElementwise: boolean;

  constructor(args: LayerArgs & OperationSettings) {
    super(args, { operation: args.operation, operands: args.operands, options: args.options });
    this.isElementwise = isElementwise(args.operation);
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const shapes = (Array.isArray(inputShape[0]) ? inputShape : [inputShape]) as tf.Shape[];
    // Computed for two lengths of what is open: what differs then is open as well.
    const shapesFor = (open: number) =>
      tf.tidy(() => {
        const zeros = shapes.map((shape) => tf.zeros(shape.map((length) => length ?? open)));
        return [this.call(zeros)].flat().map(({ shape }) => shape);
      });
    const others = shapesFor(3);
    const result = shapesFor(2).map((shape, index): tf.Shape =>
      shape.map((length, axis) => (length === others[index]![axis] ? length : null)),
    );
    // TensorFlow.js takes a list of shapes for that of several results.
    return result.length === 1 ? result[0]! : (result as unknown as tf.Shape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor | tf.Tensor[] {
    const { operation, operands, options } = this.settings;
    const tensors = [inputs].flat();
    return tf.tidy(() => {
      const given = operands.map((operand) =>
        operand === null ? tensors.shift()! : tf.tensor(operand, undefined, "float32"),
      );
      return operations[operation]!([...given, ...tensors], options);
    });
  }
}

tf.serialization.registerClass(Operation);
