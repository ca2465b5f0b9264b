/** Round numbers between two others, about `count` of them: steps of 1, 2 or 5 times a power of ten. */
export function niceTicks(low: number, high: number, count: number): number[] {
  if (!(high > low)) return [low];
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough * 0.999)!;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  // The product of whole numbers and 1/step is free of what steps like 0.1 add up to.
  return Array.from({ length: Math.max(last - first + 1, 0) }, (_, i) =>
    step < 1 ? (first + i) / Math.round(1 / step) : (first + i) * step,
  );
}

/** Powers of ten between two numbers above 0; their halves and fifths as well where there are few. */
export function logTicks(low: number, high: number): number[] {
  const powers: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++)
    powers.push(power);
  const factors = powers.length <= 3 ? [1, 2, 5] : [1];
  const ticks = powers.flatMap((power) => factors.map((factor) => factor * 10 ** power));
  const within = ticks.filter((tick) => tick >= low * 0.999 && tick <= high * 1.001);
  return within.length > 6 ? within.filter((_, i) => i % Math.ceil(within.length / 6) === 0) : within;
}
