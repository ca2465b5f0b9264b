import { pageColors } from "./pageColors.ts";
import { escapeHtml } from "../escapeHtml.ts";
import { fontOf, loadCanvas } from "./text.ts";

/** A line, or an area: `d` as in SVG's paths. */
export interface PathMark {
  d: string;
  /** Default: not filled. */
  fill?: string;
  /** Default: no line. */
  stroke?: string;
  /** Default 1. */
  strokeWidth?: number;
  /** Lengths of lines and gaps. */
  dash?: readonly number[];
  /** 0 to 1. Default 1. */
  opacity?: number;
}

/** A line of text with its baseline at y. */
export interface TextMark {
  text: string;
  x: number;
  y: number;
  /** In pixels. Default 12. */
  size?: number;
  bold?: boolean;
  /** Default `"start"`. */
  anchor?: "start" | "middle" | "end";
  /** Default: ink. */
  fill?: string;
  /** Turned by so many degrees around its point. */
  turn?: number;
}

/** A picture; its pixels stay pixels when it is enlarged. */
export interface PictureMark {
  png: Uint8Array;
  x: number;
  y: number;
  width: number;
  height: number;
}

export type Mark = PathMark | TextMark | PictureMark;

/** What is drawn on a white page, the first mark first. */
export interface Drawing {
  width: number;
  height: number;
  /** What it shows, in a sentence: for those who cannot see it. */
  title: string;
  marks: readonly Mark[];
}

/** The colour of text and of lines that matter, and that of what stands back. */
export const { ink, quiet: quietInk } = pageColors;

const svgFonts = "DejaVu Sans, Verdana, sans-serif";
const density = 2;
/** A PNG of more pixels is drawn at its own size, not twice as large. */
const finePixels = 6_000_000;

/** A drawing as SVG: it brings its page, since viewers may be dark. */
export function drawingToSvg({ width, height, title, marks }: Drawing): string {
  const size = `width="${String(width)}" height="${String(height)}" viewBox="0 0 ${String(width)} ${String(height)}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" font-family="${svgFonts}">`,
    `<title>${escapeHtml(title)}</title>`,
    `<rect width="100%" height="100%" fill="white"/>`,
    ...marks.map(markToSvg),
    "</svg>",
  ].join("\n");
}

function markToSvg(mark: Mark): string {
  if ("d" in mark) {
    const { d, fill = "none", stroke, strokeWidth = 1, dash, opacity = 1 } = mark;
    const line = stroke === undefined ? "" : ` stroke="${stroke}" stroke-width="${String(strokeWidth)}"`;
    const gaps = dash === undefined ? "" : ` stroke-dasharray="${dash.join(" ")}"`;
    const faint = opacity === 1 ? "" : ` opacity="${String(opacity)}"`;
    return `<path d="${d}" fill="${fill}"${line}${gaps}${faint}/>`;
  }
  if ("text" in mark) {
    const { text, x, y, size = 12, bold = false, anchor = "start", fill = ink, turn = 0 } = mark;
    const at = `x="${tenth(x)}" y="${tenth(y)}"`;
    const weight = bold ? ' font-weight="bold"' : "";
    const side = anchor === "start" ? "" : ` text-anchor="${anchor}"`;
    const turned = turn === 0 ? "" : ` transform="rotate(${String(turn)} ${tenth(x)} ${tenth(y)})"`;
    return `<text ${at} font-size="${String(size)}"${weight}${side} fill="${fill}"${turned}>${escapeHtml(text)}</text>`;
  }
  const { png, x, y, width, height } = mark;
  const box = `x="${tenth(x)}" y="${tenth(y)}" width="${tenth(width)}" height="${tenth(height)}"`;
  const data = Buffer.from(png).toString("base64");
  return `<image ${box} preserveAspectRatio="none" style="image-rendering:pixelated" href="data:image/png;base64,${data}"/>`;
}

/** A drawing as PNG, twice as large as it is shown, so that it is sharp on fine screens. */
export async function drawingToPng({
  width,
  height,
  marks,
}: Drawing): Promise<{ bytes: Uint8Array; width: number; height: number }> {
  const { createCanvas, loadImage, Path2D } = await loadCanvas();
  const scale = width * height * density ** 2 > finePixels ? 1 : density;
  const canvas = createCanvas(Math.ceil(width * scale), Math.ceil(height * scale));
  const context = canvas.getContext("2d");
  context.scale(scale, scale);
  context.fillStyle = "white";
  context.fillRect(0, 0, width, height);
  context.imageSmoothingEnabled = false;
  for (const mark of marks) {
    if ("d" in mark) {
      const { d, fill, stroke, strokeWidth = 1, dash = [], opacity = 1 } = mark;
      const path = new Path2D(d);
      context.globalAlpha = opacity;
      if (fill !== undefined) {
        context.fillStyle = fill;
        context.fill(path);
      }
      if (stroke !== undefined) {
        context.strokeStyle = stroke;
        context.lineWidth = strokeWidth;
        context.setLineDash([...dash]);
        context.stroke(path);
      }
      context.globalAlpha = 1;
    } else if ("text" in mark) {
      const { text, x, y, size = 12, bold = false, anchor = "start", fill = ink, turn = 0 } = mark;
      context.save();
      context.translate(x, y);
      context.rotate((turn * Math.PI) / 180);
      context.font = fontOf(size, bold);
      context.textAlign = anchor === "middle" ? "center" : anchor;
      context.fillStyle = fill;
      context.fillText(text, 0, 0);
      context.restore();
    } else {
      const picture = await loadImage(Buffer.from(mark.png));
      context.drawImage(picture, mark.x, mark.y, mark.width, mark.height);
    }
  }
  return { bytes: await canvas.encode("png"), width, height };
}

/** A length to a tenth of a pixel, as short as it can be. */
export const tenth = (value: number): string => String(Math.round(value * 10) / 10);

/** The outline of a rectangle. */
export const rectangle = (x: number, y: number, width: number, height: number): string =>
  `M${tenth(x)} ${tenth(y)}h${tenth(width)}v${tenth(height)}h${tenth(-width)}z`;

/** A line through points. */
export const polyline = (points: readonly (readonly [number, number])[]): string =>
  points.map(([x, y], i) => `${i === 0 ? "M" : "L"}${tenth(x)} ${tenth(y)}`).join("");
