import type { ChartSpecification } from "../render/chart.ts";
import { wrapText } from "../render/wrapText.ts";

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

/** How many letters a line of a title has at most: about 700 pixels. */
const longest = { title: 80, subtitle: 110 };

/** A text as Vega takes it: one line, or several. Vega neither breaks lines nor cuts them, the chart would grow as wide. */
export function chartText(text: string, letters: number): string | string[] {
  const lines = wrapText(text, letters, (part) => part.length);
  return lines.length === 1 ? text : lines;
}

/** A chart with the fonts and lines that all of ours have, but no colour of page or text: front ends choose these by their theme. */
export function styledChart(title: string | string[], chart: object): ChartSpecification {
  const [text = "", ...notes] = [title].flat();
  const subtitle = notes.flatMap((note) => chartText(note, longest.subtitle));
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v5.json",
    title: {
      ...{ text: chartText(text, longest.title), anchor: "start", frame: "bounds", fontSize: 15, offset: 12 },
      ...(subtitle.length > 0 && { subtitle, subtitleFontSize: 12, subtitlePadding: 6 }),
    },
    ...chart,
    config: {
      view: { stroke: null },
      // Names are not cut.
      axis: { ...axisStyle, labelLimit: 0 },
      legend: { labelFontSize: 12, labelLimit: 0, titleFontSize: 12, titleFontWeight: "normal" },
      header: { labelFontSize: 12, labelFontWeight: "bold" },
    },
  };
}
