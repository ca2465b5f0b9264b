import { fontFamily, loadCanvas } from "./text.ts";

/** A specification of Vega-Lite 5, as front ends draw it. */
export interface ChartSpecification {
  $schema: "https://vega.github.io/schema/vega-lite/v5.json";
  [property: string]: unknown;
}

/** A chart as a picture, and the size at which it is shown. */
export interface ChartPng {
  bytes: Uint8Array;
  width: number;
  height: number;
}

/** Pixels of the PNG for one of the chart, so that it is sharp on fine screens; one where its file would be larger than this. */
const fine = { density: 2, bytes: 1_500_000 };

/**
 * The specification compiled for drawing here: with our font and a white page. Neither belongs into what front ends get, where
 * the page may be dark and the font another one.
 *
 * Vega and Vega-Lite are ES modules with top-level await, which can only be imported in this way, and take 0.2 s: whoever draws
 * no chart does not pay for them.
 */
async function compileChart(specification: ChartSpecification) {
  // The fonts have to be there before Vega measures the first text.
  await loadCanvas();
  const [vega, vegaLite] = await Promise.all([import("vega"), import("vega-lite")]);
  const config = { background: "white", font: fontFamily, padding: 12 };
  // Vega-Lite 6 draws version 5, but would warn about the number.
  const { spec } = vegaLite.compile({ ...specification, $schema: undefined } as never, { config });
  return new vega.View(vega.parse(spec), { renderer: "none" });
}

/** Draws a chart as SVG with a white page; texts name DejaVu Sans, which it was measured with. */
export async function chartToSvg(specification: ChartSpecification): Promise<string> {
  const view = await compileChart(specification);
  const svg = await view.toSVG();
  view.finalize();
  return svg.replaceAll(fontFamily, "DejaVu Sans, Verdana, sans-serif");
}

/** Draws a chart as PNG with a white page. */
export async function chartToPng(specification: ChartSpecification): Promise<ChartPng> {
  const view = await compileChart(specification);
  const draw = async (density: number): Promise<ChartPng> => {
    const canvas = (await view.toCanvas(density)) as unknown as import("canvas").Canvas;
    const [width, height] = [canvas.width, canvas.height].map((length) => Math.round(length / density));
    return { bytes: await canvas.encode("png"), width: width!, height: height! };
  };
  const sharp = await draw(fine.density);
  const drawn = sharp.bytes.length > fine.bytes ? await draw(1) : sharp;
  view.finalize();
  return drawn;
}
