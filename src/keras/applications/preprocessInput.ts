import { InputError } from "../../errors.ts";
import { tf } from "../../tensorflow/tf.ts";

/** Means of ImageNet's pictures, blue, green, red: those of the network that VGG16 comes from. */
const means = [103.939, 116.779, 123.68];

function checkPictures(x: tf.Tensor): void {
  if (!(x instanceof tf.Tensor)) {
    const isPromise = (x as unknown) instanceof Promise;
    const found = isPromise ? "a promise" : "no tensor";
    const fix = isPromise ? "await it" : "make one by tf.tensor(values, shape)";
    throw new InputError({ who: "preprocessInput", expected: "pictures in a tensor", found, fix });
  }
  if ((x.rank === 3 || x.rank === 4) && x.shape.at(-1) === 3) return;
  const found = `[${x.shape.join(", ")}]`;
  const fix = "load pictures with three channels: loadImage(path)";
  const expected = "pictures [height, width, 3] or [n, height, width, 3]";
  throw new InputError({ who: "preprocessInput", expected, found, fix });
}

/**
 * Prepares pictures for VGG16, as Keras' mode "caffe" does: blue, green, red instead of red, green, blue, less ImageNet's mean of each.
 *
 * @param x one picture or several, 0 to 255; it stays as it is
 * @returns a new tensor of float32
 * @throws InputError when there are not three channels
 */
export function preprocessCaffe<T extends tf.Tensor>(x: T): T {
  checkPictures(x);
  return tf.tidy(() => x.toFloat().reverse(-1).sub<T>(tf.tensor1d(means)));
}

/**
 * Prepares pictures for InceptionV3 and MobileNet, as Keras' mode "tf" does: 0 to 255 becomes -1 to 1.
 *
 * @param x one picture or several, 0 to 255; it stays as it is
 * @returns a new tensor of float32
 * @throws InputError when there are not three channels
 */
export function preprocessTf<T extends tf.Tensor>(x: T): T {
  checkPictures(x);
  return tf.tidy(() => x.toFloat().div(127.5).sub<T>(1));
}
