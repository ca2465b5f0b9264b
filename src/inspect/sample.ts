import seedrandom from "seedrandom";

/** `count` of the numbers 0 to `length - 1`, drawn without repetition, in ascending order; the same ones for the same seed. */
export function drawSample(length: number, count: number, seed: number): number[] {
  const random = seedrandom(String(seed));
  const order = Array.from({ length }, (_, index) => index);
  for (let i = 0; i < count; i++) {
    const other = i + Math.floor(random() * (length - i));
    [order[i], order[other]] = [order[other]!, order[i]!];
  }
  return order.slice(0, count).sort((a, b) => a - b);
}
