import { pageColors } from "./pageColors.ts";
import { loadCanvas, monospaceFamily } from "./text.ts";

const size = 13;
/** As high as box characters are, so that they join. */
const lineHeight = 15;
const margin = 14;
const density = 2;

/** Draws lines of text, such as a table of box characters, in letters of one width: dark on white. */
export async function textToPng(text: string): Promise<{ bytes: Uint8Array; width: number; height: number }> {
  const { createCanvas } = await loadCanvas();
  const font = `${String(size)}px "${monospaceFamily}"`;
  const lines = text.split("\n");
  const ruler = createCanvas(1, 1).getContext("2d");
  ruler.font = font;
  const width = Math.ceil(Math.max(...lines.map((line) => ruler.measureText(line).width))) + 2 * margin;
  const height = lines.length * lineHeight + 2 * margin;

  const canvas = createCanvas(width * density, height * density);
  const context = canvas.getContext("2d");
  context.fillStyle = "white";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.scale(density, density);
  context.font = font;
  context.fillStyle = pageColors.ink;
  lines.forEach((line, i) => {
    context.fillText(line, margin, margin + i * lineHeight + size);
  });
  return { bytes: await canvas.encode("png"), width, height };
}
