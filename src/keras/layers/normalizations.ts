import { tf } from "../../tensorflow/tf.ts";
import { KerasLayer, only, onlyShape, type Kwargs, type LayerArgs } from "./kerasLayer.ts";

export interface RmsSettings {
  axis: number | number[];
  epsilon: number;
}

/** Divides by the root of the mean square along `axis`, and scales (Zhang and Sennrich 2019). */
export class RMSNormalization extends KerasLayer<RmsSettings> {
  static readonly className = "RMSNormalization";
  #scale: tf.LayerVariable | undefined;

  constructor(args: LayerArgs & Partial<RmsSettings> = {}) {
    super(args, { axis: -1, epsilon: 1e-6 });
  }

  #axes(rank: number): number[] {
    return [this.settings.axis].flat().map((axis) => (axis < 0 ? axis + rank : axis));
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const shape = onlyShape(inputShape);
    const own = this.#axes(shape.length).map((axis) => shape[axis]!);
    this.#scale = this.addWeight("scale", own, undefined, tf.initializers.ones());
    super.build(shape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = only(inputs);
      const axes = this.#axes(x.rank);
      const wide = x.shape.map((length, axis) => (axes.includes(axis) ? length : 1));
      const size = x.square().mean(axes, true).add(this.settings.epsilon).sqrt();
      return x.div(size).mul(this.#scale!.read().reshape(wide));
    });
  }
}

/** What a layer that can be wrapped has, and its types hide. */
interface Wrapped {
  kernel?: tf.LayerVariable;
  embeddings?: tf.LayerVariable;
}

type WrapperArgs = Parameters<typeof tf.layers.timeDistributed>[0];

/** The class that TensorFlow.js' wrappers share, which is not exported. */
const Wrapper = Object.getPrototypeOf(
  tf.serialization.SerializationMap.getMap().classNameMap.TimeDistributed![0],
) as (new (args: WrapperArgs) => tf.layers.Layer & { layer: tf.layers.Layer }) &
  Pick<tf.serialization.SerializableConstructor<tf.layers.Layer>, "fromConfig">;

/** Divides the weights of another layer by their largest singular value while a model is trained (Miyato and others 2018). */
export class SpectralNormalization extends Wrapper {
  static readonly className = "SpectralNormalization";
  readonly #iterations: number;
  #vector: tf.LayerVariable | undefined;

  constructor(args: WrapperArgs & { powerIterations?: number }) {
    super(args);
    this.#iterations = args.powerIterations ?? 1;
  }

  get #kernel(): tf.LayerVariable {
    const { kernel, embeddings } = this.layer as unknown as Wrapped;
    const found = kernel ?? embeddings;
    if (found) return found;
    throw new Error(`${this.name}: ${this.layer.name} has neither a kernel nor embeddings`);
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    if (!this.layer.built) {
      this.layer.build(inputShape);
      this.layer.built = true;
    }
    const initializer = tf.initializers.truncatedNormal({ stddev: 0.02 });
    const shape = [1, this.#kernel.shape.at(-1)!];
    this.#vector = this.addWeight("vector_u", shape, undefined, initializer, undefined, false);
    super.build(inputShape);
  }

  override get nonTrainableWeights(): tf.LayerVariable[] {
    const own = this.#vector ? [this.#vector] : [];
    return [...this.layer.nonTrainableWeights, ...own];
  }

  override getWeights(): tf.Tensor[] {
    return [...super.getWeights(), ...(this.#vector ? [this.#vector.read()] : [])];
  }

  /** Where Keras 3's files have the weights. */
  weightGroups(): [path: string, weights: tf.LayerVariable[]][] {
    return [
      ["layer", this.layer.weights],
      ["", [this.#kernel, this.#vector!]],
    ];
  }

  #normalize(): void {
    tf.tidy(() => {
      const kernel = this.#kernel.read();
      const weights = kernel.reshape<tf.Tensor2D>([-1, kernel.shape.at(-1)!]);
      const unit = (x: tf.Tensor) => x.div(x.norm().maximum(1e-12));
      let left = this.#vector!.read() as tf.Tensor2D;
      let right = left;
      for (let round = 0; round < this.#iterations; round++) {
        right = unit(tf.matMul(left, weights, false, true)) as tf.Tensor2D;
        left = unit(tf.matMul(right, weights)) as tf.Tensor2D;
      }
      const largest = tf.matMul(tf.matMul(right, weights), left, false, true).reshape([]);
      this.#vector!.write(left);
      // Nothing is divided by zero.
      this.#kernel.write(kernel.div(tf.where(largest.notEqual(0), largest, tf.onesLike(largest))));
    });
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Kwargs): tf.Tensor | tf.Tensor[] {
    if (kwargs.training === true) this.#normalize();
    return this.layer.call(inputs, kwargs);
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape | tf.Shape[] {
    return this.layer.computeOutputShape(inputShape);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), powerIterations: this.#iterations };
  }
}

tf.serialization.registerClass(RMSNormalization);
tf.serialization.registerClass(SpectralNormalization);
