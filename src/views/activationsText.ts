import type { LayerActivations } from "../inspect/activations.ts";
import type { Scale } from "../inspect/normalize.ts";
import { formatNumber } from "../render/formatNumber.ts";
import type { Block } from "./activationsBlock.ts";

/** What light and dark mean in each scale. */
export const scaleMeanings: Record<Scale, string> = {
  zscore: "each channel by itself: mean ± 2 standard deviations",
  channel: "each channel by itself: least to largest",
  percentile: "each channel by itself: percentiles 1 to 99",
  layer: "one scale for each layer: least to largest",
  shared: "one scale for all layers: least to largest",
};

/** "28×28×32   3 dead   range 0…4.1", and what else there is to know about the channels shown. */
export function describeActivations(
  { pictures, shown, kernels }: Block,
  wanted: number,
  labels: readonly string[],
): { name: string; details: string } {
  const { name, shape, channels } = pictures[0]!;
  const min = Math.min(
    ...pictures.flatMap((picture) => shown.map((channel) => picture.channelMin[channel]!)),
  );
  const max = Math.max(
    ...pictures.flatMap((picture) => shown.map((channel) => picture.channelMax[channel]!)),
  );
  const parts = [
    shape.join("×"),
    shown.length === 1 && channels > 1 && `channel ${String(shown[0])}`,
    countDead(pictures, shown, labels),
    min > max ? "no finite number" : `range ${formatNumber(min)}…${formatNumber(max)}`,
    countNonFinite(pictures),
    kernels && kernels.inputs > 1 && `kernels: means over ${kernels.inputs} inputs, 0 in the middle`,
    kernels?.inputs === 1 && "kernels: 0 in the middle",
    shown.length < wanted && `cut: the first ${String(shown.length)} of ${String(wanted)} channels`,
  ];
  return { name, details: parts.filter((part) => typeof part === "string").join("   ") };
}

function countDead(
  pictures: readonly LayerActivations[],
  shown: readonly number[],
  labels: readonly string[],
): string | undefined {
  const word = pictures[0]!.shape.length === 1 ? "at zero" : "dead";
  const dead = pictures.map((picture) => picture.dead.filter((channel) => shown.includes(channel)).length);
  if (dead.every((count) => count === 0)) return undefined;
  if (pictures.length === 1) return `${String(dead[0])} ${word}`;
  return `${word}: ${dead.map((count, i) => `${count} for ${labels[i]!}`).join(", ")}`;
}

function countNonFinite(pictures: readonly LayerActivations[]): string | undefined {
  const all = pictures.reduce((sum, { nonFinite }) => sum + nonFinite, 0);
  const nan = pictures.reduce((sum, picture) => sum + picture.nan, 0);
  if (all === 0) return undefined;
  return [nan > 0 && `${nan} NaN`, all > nan && `${all - nan} infinite`]
    .filter((part) => part !== false)
    .join(", ");
}
