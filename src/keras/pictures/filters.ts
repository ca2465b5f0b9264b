/** A filter that weighs neighbours. */
export interface Filter {
  /** Half its width, in samples of the smaller picture. */
  support: number;
  /** The weight at a distance from the centre. */
  weigh: (x: number) => number;
}

const sinc = (x: number) => (x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI));

/** The parameter of the cubic that Pillow has chosen. */
const cubic = -0.5;

/** Pillow's filters by Keras' names, next to "nearest", which weighs nothing. */
export const filters = {
  box: { support: 0.5, weigh: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  bilinear: { support: 1, weigh: (x) => Math.max(1 - Math.abs(x), 0) },
  hamming: {
    support: 1,
    // Pillow has these two numbers in single precision.
    weigh: (x) =>
      Math.abs(x) < 1 ? sinc(x) * (Math.fround(0.54) + Math.fround(0.46) * Math.cos(x * Math.PI)) : 0,
  },
  bicubic: {
    support: 2,
    weigh(signed) {
      const x = Math.abs(signed);
      if (x < 1) return ((cubic + 2) * x - (cubic + 3)) * x * x + 1;
      return x < 2 ? (((x - 5) * x + 8) * x - 4) * cubic : 0;
    },
  },
  lanczos: { support: 3, weigh: (x) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0) },
} as const satisfies Record<string, Filter>;
