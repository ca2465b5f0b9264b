import { tf } from "../tensorflow/tf.ts";

/** What pictures have in common in the eyes of a layer: the products of each two of their centred rows. */
export interface Gram {
  products: Float32Array;
  /** The length of `products`. */
  norm: number;
}

/** The products of each two rows of a tensor `[n, …]`, each number taken relative to its mean over the rows. */
export function gramOf(tensor: tf.Tensor): Gram {
  const gram = tf.tidy(() => {
    const rows = tensor.as2D(tensor.shape[0], tensor.size / tensor.shape[0]);
    const centred = rows.sub(rows.mean(0));
    return tf.matMul(centred, centred, false, true);
  });
  const products = new Float32Array(gram.dataSync());
  gram.dispose();
  return { products, norm: Math.sqrt(product(products, products)) };
}

/**
 * Linear centred kernel alignment (CKA; Kornblith et al. 2019, Similarity of neural network representations revisited): 1 where two
 * layers see the same likenesses among pictures, up to a rotation and a factor; 0 where they have nothing in common. NaN where one of
 * them does not tell the pictures apart.
 */
export function alignment(a: Gram, b: Gram): number {
  return product(a.products, b.products) / (a.norm * b.norm);
}

function product(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
