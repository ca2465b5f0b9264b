import type { PictureValues } from "../inspect/pictureValues.ts";
import { quietInk, rectangle, type Drawing, type Mark } from "../render/drawing.ts";
import { encodePng } from "../render/png.ts";
import type { ReceptiveFieldData } from "./receptiveField.ts";

const margin = 16;
const head = 40;
const largest = 420;
const letterWidth = 7.2;
const color = "#e6762a";

/** The input, enlarged by a whole number, with what a unit sees bright and framed, and the numbers beside it. */
export function drawReceptiveField(
  data: ReceptiveFieldData,
  picture: PictureValues | undefined,
  { title, finding }: { title: string; finding: string },
): Drawing {
  const [rows, columns] =
    data.inputSize.length === 1 ? [1, data.inputSize[0]!] : [data.inputSize[0]!, data.inputSize[1]!];
  const [down, across] =
    data.box.length === 1 ? [[0, 0] as const, data.box[0]!] : [data.box[0]!, data.box[1]!];
  const factor = Math.max(1, Math.floor(largest / Math.max(rows, columns)));
  const [width, height] = [columns * factor, Math.max(rows * factor, data.inputSize.length === 1 ? 24 : 1)];
  const unitHeight = height / rows;
  const [x, y] = [margin, head];
  const left = x + across[0] * factor;
  const top = y + down[0] * unitHeight;
  const boxWidth = (across[1] - across[0] + 1) * factor;
  const boxHeight = (down[1] - down[0] + 1) * unitHeight;

  const marks: Mark[] = [{ text: title, x, y: 24, size: 15, bold: true }];
  if (picture === undefined) marks.push({ d: rectangle(x, y, width, height), fill: "#d8dee4" });
  else marks.push({ png: toPng(picture), x, y, width, height });
  // What lies outside is dimmed: a page with a hole in it.
  const hole = `M${left} ${top}v${boxHeight}h${boxWidth}v${-boxHeight}z`;
  marks.push(
    {
      d: rectangle(x, y, width, height) + hole,
      fill: picture === undefined ? "#f6f8fa" : "#000000",
      opacity: picture === undefined ? 1 : 0.45,
    },
    { d: rectangle(x, y, width, height), stroke: quietInk },
    { d: rectangle(left, top, boxWidth, boxHeight), stroke: "white", strokeWidth: 4 },
    { d: rectangle(left, top, boxWidth, boxHeight), stroke: color, strokeWidth: 2 },
  );
  const lines = tableOf(data);
  const nameWidth = Math.max(...lines.map(([name]) => name.length)) * letterWidth + 12;
  const beside = x + width + 24;
  lines.forEach(([name, value], i) => {
    const at = y + 14 + i * 20;
    marks.push({ text: name, x: beside, y: at, fill: quietInk });
    marks.push({ text: value, x: beside + nameWidth, y: at, bold: true });
  });
  const valueWidth = Math.max(...lines.map(([, value]) => value.length)) * letterWidth * 1.1;
  return {
    width: Math.ceil(Math.max(beside + nameWidth + valueWidth, title.length * 10 + margin) + margin),
    height: Math.ceil(y + Math.max(height, lines.length * 20) + margin),
    title: finding,
    marks,
  };
}

function tableOf({
  layer,
  outputSize,
  inputSize,
  unit,
  box,
  size,
  stride,
  cut,
}: ReceptiveFieldData): [string, string][] {
  const span = ([first, last]: [number, number]): string => `${String(first)} to ${String(last)}`;
  const steps = stride.map((step) => String(Math.round(100 * step) / 100)).join("×");
  const table: [string, string][] = [
    ["input", inputSize.join("×")],
    ["layer", layer],
    ["its units", outputSize.length === 0 ? "all see the same" : outputSize.join("×")],
    ["receptive field", size.some(Number.isNaN) ? "not known" : size.join("×")],
    ["stride", stride.every((step) => step === 0) ? "none" : steps],
  ];
  if (unit.length > 0) table.push(["unit", unit.join(", ")]);
  if (box.length === 1) table.push(["steps", span(box[0]!)]);
  else table.push(["rows", span(box[0]!)], ["columns", span(box[1]!)]);
  if (cut) table.push(["", "cut by the border"]);
  return table;
}

/** The picture from its least to its largest number, whatever they stand for. */
function toPng({ values, height, width, channels }: PictureValues): Uint8Array {
  const finite = values.filter(Number.isFinite);
  const low = finite.reduce((a, b) => Math.min(a, b), Infinity);
  const high = finite.reduce((a, b) => Math.max(a, b), -Infinity);
  const slope = high > low ? 255 / (high - low) : 0;
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < data.length; i++) {
    const channel = channels === 1 ? 0 : i % 3;
    data[i] = Math.round((values[Math.floor(i / 3) * channels + channel]! - low) * slope);
  }
  return encodePng({ width, height, data, channels: 3 });
}
