import { chartToPng, chartToSvg, type ChartSpecification } from "../render/chart.ts";
import { createView, type View, type ViewParts } from "./view.ts";

/** What a view of a chart is made of. */
export interface ChartViewParts<Data> extends Pick<ViewParts<Data>, "data" | "text" | "alt"> {
  chart: ChartSpecification;
}

/** Makes a {@link View} of a chart: front ends that can draw it themselves, and others get its PNG. */
export function createChartView<Data>({ chart, ...parts }: ChartViewParts<Data>): View<Data> {
  return createView({
    ...parts,
    vegaLite: chart,
    png: () => chartToPng(chart),
    svg: () => chartToSvg(chart),
  });
}
