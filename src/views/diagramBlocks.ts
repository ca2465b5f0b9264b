import type { BlockKind, LayerBlock } from "../inspect/layerBlocks.ts";
import type { Shape } from "../inspect/modelGraph.ts";
import { ink, polyline, quietInk, rectangle, tenth, type Mark } from "../render/drawing.ts";

export type DiagramStyle = "2d" | "isometric";

/** Fill and line of each kind of block. */
export const blockColors: Record<BlockKind, readonly [fill: string, line: string]> = {
  input: ["#f6f8fa", "#59636e"],
  convolution: ["#cfe2f3", "#2f6fab"],
  pooling: ["#d5ead0", "#3f8a3f"],
  dense: ["#fbe3cb", "#c4601c"],
  merge: ["#f0d5e2", "#a0446f"],
  model: ["#ddd5ee", "#674ea7"],
  other: ["#eaeef2", "#6e7781"],
};

/** A block that knows how large it is and how it is drawn around a point. */
export interface BlockPicture {
  /** With its labels. */
  width: number;
  height: number;
  /** The body alone: where lines end. */
  bodyWidth: number;
  marks(x: number, y: number): Mark[];
}

const textSize = 10;
/** DejaVu Sans is narrower than this on the average, but names may be full of wide letters. */
const letterWidth = 6.3;
const lineHeight = 12;
const mostLetters = 16;
const mostPlanes = 8;
const planeStep = 4;

/** The picture of a block: its body, its dimensions above, its name and what it does below. */
export function blockPicture(block: LayerBlock, style: DiagramStyle, largest: number): BlockPicture {
  const body = bodyOf(block, style, largest);
  const above = [dimensions(block.shape, style)];
  const below = wrap(block.name, /(?<=[_\-./ ])|(?=\[)/);
  const isPlain =
    block.kind === "merge" || block.kind === "input" || block.name.startsWith(block.does.join());
  const does = isPlain ? [] : wrap(doesText(block), /(?<=· )/);
  const lines = [...above, ...below, ...does];
  const side = 6 + lineHeight * Math.max(above.length, below.length + does.length);
  const labelWidth = Math.max(...lines.map((line) => line.length)) * letterWidth;
  return {
    width: Math.ceil(Math.max(body.width, labelWidth)),
    height: body.height + 2 * side,
    bodyWidth: body.width,
    marks(x, y) {
      const label = (text: string, top: number, more: object): Mark => ({
        text,
        x,
        y: top,
        size: textSize,
        anchor: "middle",
        ...more,
      });
      const bottom = y + body.height / 2 + 2;
      return [
        ...body.marks(x - body.width / 2, y - body.height / 2),
        ...above.map((text) => label(text, y - body.height / 2 - 5, { bold: true })),
        ...below.map((text, i) => label(text, bottom + lineHeight * (i + 1), { fill: ink })),
        ...does.map((text, i) =>
          label(text, bottom + lineHeight * (below.length + i + 1), { fill: quietInk, size: 9 }),
        ),
      ];
    },
  };
}

const doesText = ({ does, layers }: LayerBlock): string =>
  layers === undefined ? does.join(" · ") : `${does.join(" · ")} of ${String(layers)} layers`;

/** Feature maps as in the papers of LeNet, "6@28×28", and of VGG, "28×28×6". */
function dimensions(shape: Shape, style: DiagramStyle): string {
  const sizes = shape.map((length) => (length === null ? "?" : String(length)));
  if (sizes.length < 2) return sizes[0] ?? "1";
  return style === "2d" ? `${sizes.at(-1)!}@${sizes.slice(0, -1).join("×")}` : sizes.join("×");
}

/** Breaks a text into lines at the places of a pattern; a part that is longer than a line stays whole. */
function wrap(text: string, places: RegExp): string[] {
  const lines: string[] = [];
  for (const part of text.split(places)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + part.trimEnd().length <= mostLetters)
      lines[lines.length - 1] = last + part;
    else lines.push(part);
  }
  return lines.map((line) => line.replace(/[ ·]+$/, "")).filter((line) => line !== "");
}

interface Body {
  width: number;
  height: number;
  /** Drawn with its top left corner at a point. */
  marks(x: number, y: number): Mark[];
}

function bodyOf({ kind, className, shape }: LayerBlock, style: DiagramStyle, largest: number): Body {
  const [fill, line] = blockColors[kind];
  if (kind === "merge") return signBody(mergeSigns[className] ?? "∘", fill, line);
  const channels = shape.at(-1) ?? 1;
  if (shape.length < 2) return barBody(channels, fill, line);
  const [height, width] = shape.length === 2 ? [shape[0]!, 1] : [shape[0]!, shape[1]!];
  // What is not known is drawn as large as the largest.
  const side = (length: number | null): number => 12 + 60 * Math.sqrt((length ?? largest) / largest);
  return style === "2d"
    ? planesBody(side(width), side(height), channels, fill, line)
    : cuboidBody(side(width), side(height), channels, fill, line);
}

const mergeSigns: Record<string, string> = {
  Add: "+",
  Subtract: "−",
  Multiply: "×",
  Concatenate: "‖",
  Average: "ø",
  Maximum: "max",
  Minimum: "min",
  Dot: "·",
};

function signBody(sign: string, fill: string, stroke: string): Body {
  const radius = 11;
  return {
    width: 2 * radius,
    height: 2 * radius,
    marks: (x, y) => [
      {
        d: `M${tenth(x)} ${tenth(y + radius)}a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0z`,
        fill,
        stroke,
      },
      {
        text: sign,
        x: x + radius,
        y: y + radius + 4.5,
        size: sign.length > 1 ? 8 : 13,
        anchor: "middle",
        bold: true,
      },
    ],
  };
}

/** A vector: the longer the more numbers. */
function barBody(units: number, fill: string, stroke: string): Body {
  const height = Math.min(16 + 6 * Math.log2(units + 1), 90);
  return { width: 12, height, marks: (x, y) => [{ d: rectangle(x, y, 12, height), fill, stroke }] };
}

/** Maps one behind the other, some for many. */
function planesBody(width: number, height: number, channels: number, fill: string, stroke: string): Body {
  const planes = Math.min(mostPlanes, Math.max(1, Math.round(Math.log2(channels)) + 1));
  const shift = planeStep * (planes - 1);
  return {
    width: width + shift,
    height: height + shift,
    marks: (x, y) =>
      Array.from({ length: planes }, (_, i) => ({
        d: rectangle(x + shift - i * planeStep, y + i * planeStep, width, height),
        fill,
        stroke,
      })),
  };
}

/** A block of maps, as thick as there are many. */
function cuboidBody(width: number, height: number, channels: number, fill: string, stroke: string): Body {
  const thick = 3 + 4 * Math.log2(channels + 1);
  const [right, up] = [0.42 * width, 0.3 * width];
  return {
    width: thick + right,
    height: height + up,
    marks(x, y) {
      const top = y + up;
      const face = (points: [number, number][], shade: number): Mark => ({
        d: `${polyline(points)}z`,
        fill: darken(fill, shade),
        stroke,
        strokeWidth: 0.8,
      });
      return [
        face(
          [
            [x, top],
            [x + right, y],
            [x + right + thick, y],
            [x + thick, top],
          ],
          0.97,
        ),
        face(
          [
            [x + thick, top],
            [x + thick + right, y],
            [x + thick + right, y + height],
            [x + thick, top + height],
          ],
          0.86,
        ),
        { d: rectangle(x, top, thick, height), fill, stroke, strokeWidth: 0.8 },
      ];
    },
  };
}

function darken(color: string, by: number): string {
  const parts = [1, 3, 5].map((at) => Math.round(parseInt(color.slice(at, at + 2), 16) * by));
  return `#${parts.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}
