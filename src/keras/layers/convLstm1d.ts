import { tf } from "../../tensorflow/tf.ts";
import { tfjsClass, type Internals } from "./convolutionClass.ts";
import { onlyShape, type Kwargs } from "./kerasLayer.ts";

type TfjsArgs = Parameters<typeof tf.layers.convLstm2d>[0];

export interface ConvLstmArgs extends Omit<TfjsArgs, "kernelSize" | "strides" | "dilationRate" | "cell"> {
  kernelSize: number | number[];
  strides?: number | number[];
  dilationRate?: number | number[];
}

/** A row of one picture line: what TensorFlow.js' layer for pictures takes. */
const asPicture = (value: number | number[] = 1): [number, number] => [1, [value].flat()[0]!];

const forPictures = (args: ConvLstmArgs) => ({
  ...args,
  kernelSize: asPicture(args.kernelSize),
  strides: asPicture(args.strides),
  dilationRate: asPicture(args.dilationRate),
});

/** What happens at one step. Its weights have the shapes of Keras' cell, without the axis of the lines. */
export class ConvLSTM1DCell extends tfjsClass("ConvLSTM2DCell") {
  static readonly className: string = "ConvLSTM1DCell";

  constructor(args: ConvLstmArgs) {
    super(forPictures(args));
  }

  protected override addWeight(...args: Parameters<tf.layers.Layer["addWeight"]>): tf.LayerVariable {
    const [name, shape, ...rest] = args;
    if (name === "bias") return super.addWeight(name, shape, ...rest);
    const variable = super.addWeight(name, shape.slice(1), ...rest);
    // Reads as the cell for pictures wants it.
    const picture = Object.create(variable) as tf.LayerVariable;
    picture.read = () => tf.expandDims<tf.Variable>(variable.read(), 0);
    return picture;
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { kernelSize, strides, dilationRate } = this;
    const [own, steps, gaps] = [kernelSize, strides, dilationRate].map((lengths) => lengths.slice(1));
    return { ...super.getConfig(), kernelSize: own!, strides: steps!, dilationRate: gaps! };
  }
}

const Recurrent = tfjsClass("ConvLSTM2D") as unknown as (new (args: object) => tf.layers.Layer & {
  cell: Pick<Internals, "dataFormat">;
}) &
  Pick<typeof tf.RNN, "fromConfig">;

/** A long short-term memory whose products are convolutions, for sequences `[batch, steps, length, channels]`. */
export class ConvLSTM1D extends Recurrent {
  static readonly className = "ConvLSTM1D";

  constructor(args: ConvLstmArgs) {
    super(forPictures(args));
    this.cell = new ConvLSTM1DCell(args);
    this.#takeSequences();
  }

  #takeSequences(): void {
    this.inputSpec = [{ ndim: 4 }];
  }

  /** Where the axis of the one line is, of which there is none: counted from the end, so that it is the same without steps. */
  get #line(): number {
    return this.cell.dataFormat === "channelsFirst" ? -2 : -3;
  }

  #widen(shape: tf.Shape): tf.Shape {
    return shape.toSpliced(this.#line + 1, 0, 1);
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    super.build(this.#widen(onlyShape(inputShape)));
    this.#takeSequences();
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape | tf.Shape[] {
    const shapes = super.computeOutputShape(this.#widen(onlyShape(inputShape)));
    const narrow = (shape: tf.Shape) => shape.toSpliced(this.#line, 1);
    return Array.isArray(shapes[0]) ? (shapes as tf.Shape[]).map(narrow) : narrow(shapes as tf.Shape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Kwargs): tf.Tensor | tf.Tensor[] {
    return tf.tidy(() => {
      const widen = (x: tf.Tensor) => x.reshape(this.#widen(x.shape) as number[]);
      const narrow = (x: tf.Tensor) => x.squeeze([x.rank + this.#line]);
      const states = kwargs.initialState as tf.Tensor[] | null | undefined;
      const settings = states ? { ...kwargs, initialState: states.map(widen) } : kwargs;
      const results = super.call(widen([inputs].flat()[0]!), settings);
      return Array.isArray(results) ? results.map(narrow) : narrow(results);
    });
  }

  static override fromConfig<Made extends tf.serialization.Serializable>(
    made: tf.serialization.SerializableConstructor<Made>,
    config: tf.serialization.ConfigDict,
  ): Made {
    return new made(config);
  }
}

tf.serialization.registerClass(ConvLSTM1DCell);
tf.serialization.registerClass(ConvLSTM1D);
