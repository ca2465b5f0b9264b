import type { LayerSummary, ModelSummary, Sight } from "../inspect/modelSummary.ts";
import { bytesToText, countToText } from "../render/units.ts";

/** A column of a summary: its head, and what stands in it for a layer. */
export interface SummaryColumn {
  header: string;
  align: "left" | "right";
  /** What the head means, where it is not plain. */
  meaning?: string;
  /** Whether names of layers stand in it, which may be long. */
  holdsNames?: boolean;
  cell: (layer: LayerSummary) => string;
}

/** The columns of Keras' table. */
export function kerasColumns({ sequential }: ModelSummary, showTrainable: boolean): SummaryColumn[] {
  return [
    { header: "Layer (type)", align: "left", cell: nameOf, holdsNames: true },
    { header: "Output Shape", align: "left", cell: ({ outputShapes }) => shapesToText(outputShapes) },
    {
      header: "Param #",
      align: "right",
      cell: ({ params }) => (params === undefined ? "0 (unbuilt)" : params.toLocaleString("en-US")),
    },
    ...(sequential ? [] : [connections]),
    ...(showTrainable ? [trainable] : []),
  ];
}

const connections: SummaryColumn = {
  header: "Connected to",
  align: "left",
  holdsNames: true,
  cell: ({ connectedTo }) => connectedTo.join(", ") || "-",
};

const trainable: SummaryColumn = {
  header: "Trainable",
  align: "left",
  cell: (layer) => (layer.hasWeights ? (layer.trainable ? "Y" : "N") : "-"),
};

/** Keras' columns and what a layer costs and sees. */
export function allColumns(data: ModelSummary): SummaryColumn[] {
  const [name, shape, params] = kerasColumns(data, false);
  return [
    name!,
    shape!,
    params!,
    {
      header: "Share",
      align: "left",
      meaning: "of all parameters",
      cell: (layer) => barOf(shareOf(layer, data)),
    },
    {
      header: "MACs",
      align: "right",
      meaning: "multiplications with additions, for one sample; FLOPs are twice as many",
      cell: ({ macs }) => (macs === undefined ? "?" : macs === 0 ? "-" : countToText(macs)),
    },
    {
      header: "Memory",
      align: "right",
      meaning: "of the outputs, for one sample",
      cell: ({ activationBytes }) => (activationBytes === undefined ? "?" : bytesToText(activationBytes)),
    },
    {
      header: "Receptive field",
      align: "right",
      meaning: "pixels of the input that a unit sees, borders of zeros included",
      cell: ({ sight }) => seenToText(sight),
    },
    {
      header: "Stride",
      align: "right",
      meaning: "pixels of the input from one unit to the next",
      cell: ({ sight }) => (sight === undefined || sight.whole ? "-" : sizesToText(sight.stride)),
    },
    trainable,
    ...(data.sequential ? [] : [connections]),
  ];
}

/** The part of the model's parameters that a layer has, 0 to 1. */
export function shareOf({ params }: LayerSummary, { total }: ModelSummary): number {
  return total.count === 0 ? 0 : (params ?? 0) / total.count;
}

const blocks = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
const barLength = 10;

function barOf(share: number): string {
  if (share === 0) return "";
  const eighths = Math.max(1, Math.round(share * barLength * 8));
  const bar = "█".repeat(eighths >> 3) + blocks[eighths & 7]!;
  return `${bar.padEnd(barLength)} ${percent(share)}`;
}

/** "12.3%", and never "0.0%" of something. */
export const percent = (share: number): string =>
  share > 0 && share < 0.0005 ? "<0.1%" : `${(100 * share).toFixed(1)}%`;

function nameOf({ name, className, depth }: LayerSummary): string {
  const prefix = depth === 0 ? "" : `${"   ".repeat(depth)}└ `;
  return `${prefix}${name} (${className})`;
}

function shapesToText(shapes: readonly (number | null)[][]): string {
  const texts = shapes.map(
    (shape) => `(${shape.map((size) => size ?? "None").join(", ")}${shape.length === 1 ? "," : ""})`,
  );
  if (texts.length === 0) return "?";
  return texts.length === 1 ? texts[0]! : `[${texts.join(", ")}]`;
}

function seenToText(sight: Sight | undefined): string {
  if (sight === undefined) return "-";
  return sight.whole ? "all" : sizesToText(sight.receptiveField);
}

/** "7", or "5×1" where the axes differ. */
function sizesToText(sizes: readonly number[]): string {
  if (sizes.length === 0) return "-";
  const texts = sizes.map((size) => String(Math.round(100 * size) / 100));
  return texts.every((text) => text === texts[0]) ? texts[0]! : texts.join("×");
}
