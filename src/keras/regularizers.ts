import { tf } from "../tensorflow/tf.ts";

/** Punishes rows, or columns, of a matrix for what they have in common, as Keras' regularizer of that name does. */
class OrthogonalRegularizer extends tf.serialization.Serializable {
  static readonly className = "OrthogonalRegularizer";
  readonly #factor: number;
  readonly #mode: "rows" | "columns";

  constructor({ factor = 0.01, mode = "rows" }: { factor?: number; mode?: "rows" | "columns" } = {}) {
    super();
    this.#factor = factor;
    this.#mode = mode;
  }

  apply(weights: tf.Tensor): tf.Scalar {
    return tf.tidy(() => {
      const matrix = weights as tf.Tensor2D;
      const rows = this.#mode === "rows" ? matrix : matrix.transpose<tf.Tensor2D>();
      const unit = rows.div<tf.Tensor2D>(rows.norm("euclidean", 1, true).maximum(1e-12));
      const products = tf.matMul(unit, unit, false, true);
      const count = products.shape[0];
      const others = products.mul(tf.scalar(1).sub(tf.eye(count)));
      const pairs = (count * (count - 1)) / 2;
      return tf.sum<tf.Scalar>(others.abs()).mul((this.#factor * 0.5) / pairs);
    });
  }

  getConfig(): tf.serialization.ConfigDict {
    return { factor: this.#factor, mode: this.#mode };
  }
}

tf.serialization.registerClass(OrthogonalRegularizer);
