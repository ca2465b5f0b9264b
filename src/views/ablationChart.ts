import type { ChartSpecification } from "../render/chart.ts";
import type { AblationData } from "./ablate.ts";
import { chartColors, styledChart } from "./chartStyle.ts";

/** Up to so many channels each bar has its number below it. */
const namedUpTo = 64;

/** Bars of what each channel contributes, the largest first. */
export function ablationChart(
  { channels, accuracies, losses }: AblationData,
  title: string[],
): ChartSpecification {
  const values = channels
    .map((channel, i) => ({ channel, accuracy: accuracies[i]!, loss: losses[i]! }))
    .sort((a, b) => b.loss - a.loss || a.channel - b.channel)
    .map((row, rank) => ({ rank, next: rank + 1, ...row }));
  const named = channels.length <= namedUpTo;
  return styledChart(title, {
    width: named ? { step: channels.length <= 16 ? 28 : 15 } : Math.min(900, 3 * channels.length),
    height: 200,
    data: { values },
    mark: { type: named ? "bar" : "rect", tooltip: true },
    encoding: {
      ...(named ? namedAxis(values) : rankAxis(values.length)),
      y: {
        field: "loss",
        type: "quantitative",
        title: "accuracy lost without it",
        axis: { format: ".1%" },
      },
      color: {
        condition: { test: "datum.loss >= 0", value: chartColors.second },
        value: chartColors.first,
      },
      tooltip: [
        { field: "channel" },
        { field: "accuracy", format: ".1%", title: "accuracy without it" },
        { field: "loss", format: ".1%", title: "lost" },
      ],
    },
  });
}

function namedAxis(rows: readonly { channel: number }[]): object {
  return {
    x: {
      field: "channel",
      type: "ordinal",
      sort: rows.map(({ channel }) => channel),
      title: "channel",
      axis: { labelAngle: rows.length <= 16 ? 0 : -90 },
    },
  };
}

function rankAxis(count: number): object {
  return {
    x: {
      field: "rank",
      type: "quantitative",
      scale: { domain: [0, count], nice: false },
      title: `${count} channels, those that count most first`,
      axis: { grid: false },
    },
    x2: { field: "next" },
    y2: { datum: 0 },
  };
}
