import type { HeatMap } from "../inspect/heatMap.ts";

/** In words where a map is strongest: how much of the picture holds half of what speaks for the score, and around which point. */
export function describePlace({ map, signed }: { map: HeatMap; signed: boolean }): string {
  const { values, width, height } = map;
  const sizes = values.map((value) => (Number.isFinite(value) && value > 0 ? value : 0));
  const total = sizes.reduce((a, b) => a + b, 0);
  if (total === 0) return "no positive evidence: no number of the map is above 0";
  let [x, y] = [0, 0];
  sizes.forEach((size, i) => {
    x += size * ((i % width) + 0.5);
    y += size * (Math.floor(i / width) + 0.5);
  });
  const sorted = sizes.slice().sort();
  let [held, count] = [0, 0];
  while (held < total / 2) held += sorted[sorted.length - ++count]!;
  const percent = (share: number): string => `${Math.max(1, Math.round(100 * share))}%`;
  const where = `around ${percent(x / total / width)} from the left and ${percent(y / total / height)} from the top`;
  const place = `lies in ${percent(count / values.length)} of the picture, ${where}`;
  if (!signed) return `half of the map ${place}`;
  const against = values.reduce((sum, value) => sum + (value < 0 ? -value : 0), 0);
  return `${percent(total / (total + against))} of the map is for it; half of that ${place}`;
}
