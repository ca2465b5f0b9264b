/** What lies beyond a picture's borders; the names are Keras', as `n` and `c` below are a picture's samples. */
export type FillMode = "nearest" | "constant" | "reflect" | "wrap";

/** A coordinate that is in a picture instead of one that is not, in samples; below -1/2: nothing is there. */
type Fill = (at: number, length: number) => number;

/** Where nothing is. */
const nowhere = -1;

/**
 * SciPy's rules (ni_interpolation.c, `map_coordinate`), for coordinates below 0 or above `length - 1`. Its older "wrap" leaves out one
 * sample at each turn; networks were trained that way.
 */
export const fills: Readonly<Record<FillMode, Fill>> = {
  /** `aaaa|abcd|dddd` */
  nearest: (at, length) => (at < 0 ? 0 : length - 1),
  /** `kkkk|abcd|kkkk` */
  constant: () => nowhere,
  /** `abcddcba|abcd|dcbaabcd` */
  reflect(at, length) {
    if (length === 1) return 0;
    const turn = 2 * length;
    if (at < 0) {
      const near = at < -turn ? at + turn * Math.trunc(-at / turn) : at;
      return near < -length ? near + turn : Math.max(-near, 1e-15) - 1;
    }
    const near = at - turn * Math.trunc(at / turn);
    return near >= length ? turn - near - 1 : near;
  },
  /** `abcdabcd|abcd|abcdabcd` */
  wrap(at, length) {
    if (length === 1) return 0;
    const turn = length - 1;
    return at < 0 ? at + turn * (Math.trunc(-at / turn) + 1) : at - turn * Math.trunc(at / turn);
  },
};
