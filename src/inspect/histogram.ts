/** How some numbers are spread. */
export interface Histogram {
  /** How many numbers there are, those that are not finite included. */
  size: number;
  /** The finite numbers, in bins of one width from `min` to `max`. */
  counts: number[];
  min: number;
  max: number;
  mean: number;
  /** The standard deviation. */
  deviation: number;
  zeros: number;
  nan: number;
  infinite: number;
}

/**
 * Counts numbers. Numbers that are all the same, or none at all, are in one bin.
 *
 * @param bins how many bins there are at most between the least and the largest number: twice the root of how many numbers there are
 */
export function countNumbers(
  values: Iterable<number> & { readonly length: number },
  bins: number,
): Histogram {
  let [min, max, sum, zeros, nan, infinite] = [Infinity, -Infinity, 0, 0, 0, 0];
  for (const value of values) {
    if (Number.isNaN(value)) nan++;
    else if (!Number.isFinite(value)) infinite++;
    else {
      if (value < min) min = value;
      if (value > max) max = value;
      if (value === 0) zeros++;
      sum += value;
    }
  }
  const finite = values.length - nan - infinite;
  if (finite === 0) [min, max] = [0, 0];
  const mean = finite === 0 ? NaN : sum / finite;
  // More bins than numbers would show nothing but gaps.
  const own = Math.min(bins, Math.ceil(2 * Math.sqrt(finite)));
  const counts = new Array<number>(max > min ? own : 1).fill(0);
  const slope = max > min ? own / (max - min) : 0;
  let squares = 0;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    counts[Math.min(Math.floor((value - min) * slope), counts.length - 1)]!++;
    squares += (value - mean) ** 2;
  }
  const deviation = finite === 0 ? NaN : Math.sqrt(squares / finite);
  return { size: values.length, counts, min, max, mean, deviation, zeros, nan, infinite };
}
