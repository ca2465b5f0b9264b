import type { ChartSpecification } from "../render/chart.ts";
import type { Thumbnail } from "../render/thumbnail.ts";
import { thumbnailUrl } from "../render/thumbnailUrl.ts";
import { chartColors, styledChart } from "./chartStyle.ts";
import type { EmbeddingData } from "./embedding.ts";

const size = { width: 620, height: 480 };
/** A picture at a point, and how much room it has for itself. */
const thumbnailSize = 28;
const room = 40;
/** Tableau's colours, lighter and darker ones alternating beyond ten. */
const schemeOf = (labels: number): string => (labels <= 10 ? "tableau10" : "tableau20");

/** The points in Vega-Lite 5, coloured by label, with small pictures where there is room for them. */
export function embeddingChart(
  { points, labels, indices, method }: EmbeddingData,
  thumbnails: Thumbnail[] | undefined,
  title: string[],
): ChartSpecification {
  const values = points.map(([x, y], i) => ({
    x,
    y,
    picture: indices[i]! + 1,
    ...(labels && { label: labels[i] }),
  }));
  const names = [...new Set(labels)].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  const axis = (field: string, title: string): object => ({
    ...{ field, type: "quantitative", title: method === "pca" ? title : null },
    ...{
      scale: { zero: false, padding: 24 },
      axis: { labels: false, ticks: false, grid: false, domain: false },
    },
  });
  const x = axis("x", "1st component");
  const y = axis("y", "2nd component");
  const color = labels && {
    color: {
      ...{ field: "label", type: "nominal", title: "label", sort: names },
      scale: { domain: names, scheme: schemeOf(names.length) },
      legend: { symbolOpacity: 1, symbolSize: 80, columns: Math.ceil(names.length / 24) },
    },
  };
  const dots = {
    mark: { type: "circle", size: 42, opacity: 0.75, ...(!labels && { color: chartColors.first }) },
    encoding: { x, y, ...color, tooltip: [...(labels ? [{ field: "label" }] : []), { field: "picture" }] },
  };
  const layer: object[] = [dots];
  if (thumbnails) {
    const places = placeThumbnails(points);
    const framed = places.map((i) => values[i]!);
    const shown = places.map((i) => ({
      ...{ x: values[i]!.x, y: values[i]!.y },
      url: thumbnailUrl(thumbnails[i]!, thumbnailSize),
    }));
    const frame = { type: "square", size: (thumbnailSize + 4) ** 2, opacity: 1 };
    layer.push(
      { data: { values: framed }, mark: frame, encoding: { x, y, ...color } },
      {
        data: { values: shown },
        mark: { type: "image", width: thumbnailSize, height: thumbnailSize },
        encoding: { x, y, url: { field: "url" } },
      },
    );
  }
  return styledChart(title, { ...size, data: { values }, layer });
}

/** Points that are far enough from one another for a picture at each. */
function placeThumbnails(points: readonly number[][]): number[] {
  const [left, top] = [0, 1].map((axis) => Math.min(...points.map((point) => point[axis]!)));
  const [right, bottom] = [0, 1].map((axis) => Math.max(...points.map((point) => point[axis]!)));
  const placed: { x: number; y: number; index: number }[] = [];
  points.forEach(([x, y], index) => {
    const at = {
      x: ((x! - left!) / (right! - left! || 1)) * size.width,
      y: ((y! - top!) / (bottom! - top! || 1)) * size.height,
      index,
    };
    const isFree = placed.every(
      (other) => Math.abs(other.x - at.x) >= room || Math.abs(other.y - at.y) >= room,
    );
    if (isFree) placed.push(at);
  });
  return placed.map(({ index }) => index);
}
