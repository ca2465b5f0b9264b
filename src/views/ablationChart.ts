import type { ChartSpecification } from "../render/chart.ts";
import type { AblationData } from "./ablate.ts";

/** Vermilion and blue of Okabe and Ito. */
const colors = { missed: "#d55e00", better: "#0072b2" };
/** Up to so many channels each bar has its number below it. */
const namedUpTo = 64;

/** Bars of what each channel contributes, the largest first. */
export function ablationChart(
  { channels, accuracies, losses, accuracy, count }: AblationData,
  title: string,
): ChartSpecification {
  const values = channels
    .map((channel, i) => ({ channel, accuracy: accuracies[i]!, loss: losses[i]! }))
    .sort((a, b) => b.loss - a.loss || a.channel - b.channel)
    .map((row, rank) => ({ rank, ...row }));
  const named = channels.length <= namedUpTo;
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v5.json",
    title: {
      text: title,
      subtitle: `accuracy ${(100 * accuracy).toFixed(1)}% with all channels, on ${count} pictures`,
      anchor: "start",
      fontSize: 15,
      offset: 12,
    },
    width: named ? { step: channels.length <= 16 ? 28 : 15 } : Math.min(900, 3 * channels.length),
    height: 200,
    data: { values },
    mark: { type: "bar", tooltip: true, ...(!named && { binSpacing: 0 }) },
    encoding: {
      x: {
        field: named ? "channel" : "rank",
        type: named ? "ordinal" : "quantitative",
        ...(named && { sort: values.map(({ channel }) => channel) }),
        title: named ? "channel" : "channels, those that count most first",
        axis: { labelAngle: channels.length <= 16 ? 0 : -90, grid: false },
      },
      y: {
        field: "loss",
        type: "quantitative",
        title: "accuracy lost without it",
        axis: { format: ".1%" },
      },
      color: {
        condition: { test: "datum.loss >= 0", value: colors.missed },
        value: colors.better,
      },
      tooltip: [
        { field: "channel" },
        { field: "accuracy", format: ".1%", title: "accuracy without it" },
        { field: "loss", format: ".1%", title: "lost" },
      ],
    },
    config: {
      view: { stroke: null },
      axis: { labelFontSize: 11, titleFontSize: 12, titleFontWeight: "normal" },
    },
  };
}
