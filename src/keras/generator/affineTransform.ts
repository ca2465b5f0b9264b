import { fills, type FillMode } from "./fillModes.ts";
import type { FloatImage } from "./floatImage.ts";

/** Rotation and shear in degrees; shifts in pixels, `tx` down and `ty` across; zooms as factors of the part that is seen. */
export interface AffineParameters {
  theta?: number;
  tx?: number;
  ty?: number;
  shear?: number;
  zx?: number;
  zy?: number;
}

/** How a picture is sampled: what lies beyond its borders, and whether neighbours are weighed (order 1) or the nearest taken (0). */
export interface Sampling {
  fillMode: FillMode;
  cval: number;
  interpolationOrder: 0 | 1;
}

/** Where the target's sample `[row, column]` comes from: row `a row + b column + down`, column `c row + d column + across`. */
export interface AffineMap {
  a: number;
  b: number;
  c: number;
  d: number;
  down: number;
  across: number;
}

type Matrix = readonly [number, number, number, number, number, number];

/** The product of two matrices of two rows, whose third row is `0 0 1`. */
function multiply(m: Matrix, n: Matrix): Matrix {
  return [
    m[0] * n[0] + m[1] * n[3],
    m[0] * n[1] + m[1] * n[4],
    m[0] * n[2] + m[1] * n[5] + m[2],
    m[3] * n[0] + m[4] * n[3],
    m[3] * n[1] + m[4] * n[4],
    m[3] * n[2] + m[4] * n[5] + m[5],
  ];
}

const radians = (degrees: number) => (degrees * Math.PI) / 180;

/**
 * Keras' `apply_affine_transform`: rotation, then shift, shear and zoom, about the middle of the picture.
 *
 * @returns the map from target to source; undefined where nothing moves
 */
export function affineMap(
  { theta = 0, tx = 0, ty = 0, shear = 0, zx = 1, zy = 1 }: AffineParameters,
  height: number,
  width: number,
): AffineMap | undefined {
  const matrices: Matrix[] = [];
  if (theta !== 0) {
    const [sin, cos] = [Math.sin(radians(theta)), Math.cos(radians(theta))];
    matrices.push([cos, -sin, 0, sin, cos, 0]);
  }
  if (tx !== 0 || ty !== 0) matrices.push([1, 0, tx, 0, 1, ty]);
  if (shear !== 0) matrices.push([1, -Math.sin(radians(shear)), 0, 0, Math.cos(radians(shear)), 0]);
  if (zx !== 1 || zy !== 1) matrices.push([zx, 0, 0, 0, zy, 0]);
  if (matrices.length === 0) return undefined;
  const [middleX, middleY] = [height / 2 - 0.5, width / 2 - 0.5];
  const about = multiply([1, 0, middleX, 0, 1, middleY], matrices.reduce(multiply));
  const matrix = multiply(about, [1, 0, -middleX, 0, 1, -middleY]);
  // Keras builds the matrix for x before y, and exchanges both for arrays, which have rows first; its centre it does not exchange.
  return { a: matrix[4], b: matrix[3], c: matrix[1], d: matrix[0], down: matrix[5], across: matrix[2] };
}

/** Samples a picture as SciPy's `affine_transform` of order 0 or 1 does. */
export function warp(image: FloatImage, map: AffineMap, sampling: Sampling): FloatImage {
  const { data, height, width, channels } = image;
  const { fillMode, cval, interpolationOrder } = sampling;
  const fill = fills[fillMode];
  const [bottom, right] = [height - 1, width - 1];
  const out = new Float32Array(data.length);
  let to = 0;
  for (let row = 0; row < height; row++) {
    const downOfRow = map.down + map.a * row;
    const acrossOfRow = map.across + map.c * row;
    for (let column = 0; column < width; column++, to += channels) {
      let y = downOfRow + map.b * column;
      let x = acrossOfRow + map.d * column;
      if (!(y >= 0 && y <= bottom)) y = fill(y, height);
      if (!(x >= 0 && x <= right)) x = fill(x, width);
      if (!(y > -1 && x > -1)) {
        out.fill(cval, to, to + channels);
        continue;
      }
      if (interpolationOrder === 0) {
        const nearestRow = Math.min(Math.max(Math.floor(y + 0.5), 0), bottom);
        const nearestColumn = Math.min(Math.max(Math.floor(x + 0.5), 0), right);
        const from = (nearestRow * width + nearestColumn) * channels;
        for (let channel = 0; channel < channels; channel++) out[to + channel] = data[from + channel]!;
        continue;
      }
      const top = Math.floor(y);
      const left = Math.floor(x);
      const below = y - top;
      const beside = x - left;
      // Where reflection ends between two equal samples, one of them lies outside: the border stands for it.
      const upper = (top < 0 ? 0 : top) * width;
      const lower = (top < bottom ? top + 1 : bottom) * width;
      const first = left < 0 ? 0 : left;
      const second = left < right ? left + 1 : right;
      const upperLeft = (upper + first) * channels;
      const upperRight = (upper + second) * channels;
      const lowerLeft = (lower + first) * channels;
      const lowerRight = (lower + second) * channels;
      for (let channel = 0; channel < channels; channel++) {
        out[to + channel] =
          data[upperLeft + channel]! * (1 - below) * (1 - beside) +
          data[upperRight + channel]! * (1 - below) * beside +
          data[lowerLeft + channel]! * below * (1 - beside) +
          data[lowerRight + channel]! * below * beside;
      }
    }
  }
  return { ...image, data: out };
}
