import type { ChartSpecification } from "../render/chart.ts";

/**
 * Blue and vermilion of Okabe and Ito: told apart with every kind of colour vision, on light and on dark pages; red for what is wrong;
 * a grey that is read on both.
 */
export const chartColors = {
  first: "#3d85c6",
  second: "#e6762a",
  alarm: "#e5484d",
  quiet: "#8a8f98",
} as const;

/** The fonts of an axis. */
export const axisStyle = {
  labelFontSize: 11,
  titleFontSize: 12,
  titleFontWeight: "normal",
  titlePadding: 8,
  gridOpacity: 0.4,
} as const;

/** A chart with the fonts and lines that all of ours have, but no colour of page or text: front ends choose these by their theme. */
export function styledChart(title: string | string[], chart: object): ChartSpecification {
  const [text, ...subtitle] = [title].flat();
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v5.json",
    title: {
      ...{ text, anchor: "start", frame: "group", fontSize: 15, offset: 12 },
      ...(subtitle.length > 0 && {
        subtitle,
        subtitleFontSize: 12,
        subtitleColor: chartColors.quiet,
        subtitlePadding: 6,
      }),
    },
    ...chart,
    config: {
      view: { stroke: null },
      axis: { ...axisStyle, labelLimit: 220 },
      legend: { labelFontSize: 12, titleFontSize: 12, titleFontWeight: "normal" },
      header: { labelFontSize: 12, labelFontWeight: "bold" },
    },
  };
}
