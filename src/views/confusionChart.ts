import type { ChartSpecification } from "../render/chart.ts";
import { formatShare } from "../render/formatNumber.ts";
import type { ConfusionData } from "./confusionMatrix.ts";
import { styledChart } from "./chartStyle.ts";

/** Up to so many classes the numbers stand in the cells. */
const mostNumbers = 30;

/** Blues of ColorBrewer, nearly white where there is nothing. */
const shades = ["#f7fbff", "#c6dbef", "#6baed6", "#2171b5", "#08306b"];

/** The side of a cell, in pixels: numbers have to fit in, and the whole has to fit on a page. */
function cellSize(classes: number, digits: number): number {
  if (classes <= mostNumbers) return Math.max(classes <= 12 ? 36 : 26, 10 + 7 * digits);
  return Math.max(1, Math.floor(720 / classes));
}

/** The matrix as a heat map in Vega-Lite 5: what is true below one another, what is predicted beside one another. */
export function confusionChart(
  { matrix, counts, classNames, normalize }: ConfusionData,
  title: string[],
): ChartSpecification {
  const rows = counts.map((row) => row.reduce((a, b) => a + b, 0));
  const isLarge = classNames.length > mostNumbers;
  const show = (value: number): string =>
    normalize === "none" ? value.toLocaleString("en-US") : formatShare(value);
  // A zero says nothing that an empty cell does not say as well; of many classes most cells are empty, and left out.
  const values = matrix.flatMap((row, i) =>
    row.flatMap((value, j) => {
      const count = counts[i]![j]!;
      if (isLarge && count === 0) return [];
      const names = { truth: classNames[i], predicted: classNames[j] };
      const share = rows[i] === 0 ? 0 : count / rows[i]!;
      return [{ ...names, value, count, share, ...(!isLarge && { label: value === 0 ? "" : show(value) }) }];
    }),
  );
  const cell = cellSize(classNames.length, largestOf(values.map(({ label = "" }) => label.length)));
  // Names of many classes overlap: each so-manieth is written.
  const every = Math.ceil(13 / cell);
  const named = classNames.filter((_, i) => i % every === 0);
  const axis = (name: string, field: string, more: object): object => ({
    field,
    type: "nominal",
    sort: null,
    title: name,
    axis: { values: named, domain: false, ticks: false, ...more },
    scale: { domain: classNames },
  });
  const shade = normalize === "none" ? "share" : "value";
  const cells = {
    mark: { type: "rect", ...(cell >= 12 && { stroke: "#8a8f98", strokeWidth: 0.4 }) },
    encoding: {
      color: {
        field: shade,
        type: "quantitative",
        title: {
          none: ["share of", "the true class"],
          true: ["share of", "the true class"],
          pred: ["share of", "the predicted"],
          all: ["share of", "all pictures"],
        }[normalize],
        // The square root lets a few mistakes be seen beside many right answers.
        scale: {
          range: shades,
          type: "sqrt",
          domain: [0, largestOf(values.map((value) => value[shade])) || 1],
        },
        legend: { format: "~%" },
      },
      tooltip: [
        { field: "truth", title: "true" },
        { field: "predicted", title: "predicted" },
        { field: "count", title: "pictures" },
        { field: "share", title: "of the true class", format: ".1%" },
      ],
    },
  };
  const dark = largestOf(values.map((value) => value[shade])) * 0.3;
  const numbers = {
    transform: [{ filter: "datum.label != ''" }],
    mark: { type: "text", fontSize: cell >= 36 ? 12 : 10 },
    encoding: {
      text: { field: "label" },
      color: { condition: { test: `datum.${shade} > ${dark}`, value: "white" }, value: "#1f2328" },
    },
  };
  return styledChart(title, {
    data: { values },
    width: { step: cell },
    height: { step: cell },
    encoding: {
      x: axis("predicted", "predicted", {
        orient: "bottom",
        labelAngle: named.every((name) => name.length * 7 < cell * every) ? 0 : -45,
      }),
      y: axis("true", "truth", {}),
    },
    ...(isLarge && { view: { fill: shades[0] } }),
    layer: isLarge ? [cells] : [cells, numbers],
  });
}

/** The largest of numbers from 0, of which there may be too many for arguments. */
const largestOf = (numbers: readonly number[]): number => numbers.reduce((a, b) => Math.max(a, b), 0);
