import { tf } from "../../tensorflow/tf.ts";
import { readWeightSettings, type WeightArgs, type WeightSettings } from "./attention/weightSettings.ts";
import { contract } from "./contract.ts";
import { KerasLayer, only, onlyShape, type LayerArgs } from "./kerasLayer.ts";

export interface EinsumDenseSettings {
  /** A letter for each axis of input, kernel and result: `"abc,cd->abd"`; an ellipsis stands for any leading axes. */
  equation: string;
  /** The result's axes after the first; `null` for those of the input. */
  outputShape: number | (number | null)[];
  /** Letters of the axes along which the biases differ. Default: no biases. */
  biasAxes: string | null;
}

type Activation = Parameters<typeof tf.layers.activation>[0]["activation"];

/** A dense layer over any axes. */
export class EinsumDense extends KerasLayer<EinsumDenseSettings> {
  static readonly className = "EinsumDense";
  readonly #weights: WeightSettings;
  readonly #activation: tf.layers.Layer | undefined;
  #kernel: tf.LayerVariable | undefined;
  #bias: tf.LayerVariable | undefined;

  constructor(
    args: LayerArgs &
      WeightArgs & { activation?: Activation | null } & Pick<
        EinsumDenseSettings,
        "equation" | "outputShape"
      > &
      Partial<EinsumDenseSettings>,
  ) {
    super(args, { equation: args.equation, outputShape: args.outputShape, biasAxes: null });
    this.#weights = readWeightSettings(args);
    if (args.activation) this.#activation = tf.layers.activation({ activation: args.activation });
  }

  /** The letters of input, kernel and result, without an ellipsis. */
  get #axes(): [input: string, kernel: string, result: string] {
    const [operands, result] = this.settings.equation.replaceAll(" ", "").split("->") as [string, string];
    const [input, kernel] = operands.split(",") as [string, string];
    const plain = (axes: string) => axes.replace("...", "");
    return [plain(input), plain(kernel), plain(result)];
  }

  /** How long each axis is. */
  #lengths(inputShape: tf.Shape): Map<string, number | null> {
    const [input, , result] = this.#axes;
    const wanted = [this.settings.outputShape].flat();
    const fromEnd = (axes: string, shape: readonly (number | null)[]) =>
      [...axes].map((axis, index): [string, number | null] => [axis, shape.at(index - axes.length) ?? null]);
    const known = new Map(fromEnd(input, inputShape));
    for (const [axis, length] of fromEnd(result, wanted)) if (!known.has(axis)) known.set(axis, length);
    return known;
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const shape = onlyShape(inputShape);
    const [, kernel, result] = this.#axes;
    const { biasAxes } = this.settings;
    const lengths = this.#lengths(shape);
    const lengthOf = (axis: string) => lengths.get(axis)!;
    const add = (weight: "kernel" | "bias", of: number[]) =>
      this.addWeight(weight, of, undefined, ...this.#weights.of(weight));
    this.#kernel = add("kernel", [...kernel].map(lengthOf));
    if (biasAxes !== null) {
      const first = Math.min(...[...biasAxes].map((axis) => result.indexOf(axis)));
      const ofBias = [...result.slice(first)].map((axis) => (biasAxes.includes(axis) ? lengthOf(axis) : 1));
      this.#bias = add("bias", ofBias);
    }
    super.build(shape);
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const shape = onlyShape(inputShape);
    const [input, , result] = this.#axes;
    const lengths = this.#lengths(shape);
    return [...shape.slice(0, shape.length - input.length), ...[...result].map((axis) => lengths.get(axis)!)];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const sums = contract(this.settings.equation, only(inputs), this.#kernel!.read());
      const result = this.#bias ? sums.add(this.#bias.read()) : sums;
      return this.#activation ? only(this.#activation.apply(result) as tf.Tensor) : result;
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { activation = null } = this.#activation?.getConfig() ?? {};
    return { ...super.getConfig(), activation, ...this.#weights.config };
  }
}

tf.serialization.registerClass(EinsumDense);
