import * as tf from "@tensorflow/tfjs";
import { replaceGradient } from "./replaceGradient.ts";

/** Lets the gradient of values that were mirrored to the borders come back to them; TensorFlow.js leaves it out. */
export function correctMirrorPad(): void {
  replaceGradient("MirrorPad", () => (dy, _, { paddings, mode }) => {
    const pairs = paddings as [number, number][];
    return { x: () => pairs.reduce((sum, pair, axis) => fold(sum, axis, pair, mode as string), dy) };
  });
}

/** Adds the borders of one axis to what they mirror. With "reflect" the outermost value itself is not repeated. */
function fold(dy: tf.Tensor, axis: number, [before, after]: [number, number], mode: string): tf.Tensor {
  const size = dy.shape[axis]! - before - after;
  const offset = mode === "reflect" ? 1 : 0;
  const part = (start: number, length: number): tf.Tensor => {
    const begin = dy.shape.map((_, each) => (each === axis ? start : 0));
    const sizes = dy.shape.map((whole, each) => (each === axis ? length : whole));
    return tf.slice(dy, begin, sizes);
  };
  const mirrored = (start: number, length: number, place: number): tf.Tensor => {
    const ends = dy.shape.map((_, each): [number, number] =>
      each === axis ? [place, size - place - length] : [0, 0],
    );
    return tf.pad(tf.reverse(part(start, length), axis), ends);
  };
  const parts = [part(before, size)];
  if (before > 0) parts.push(mirrored(0, before, offset));
  if (after > 0) parts.push(mirrored(before + size, after, size - offset - after));
  return parts.reduce((sum, each) => tf.add(sum, each));
}
