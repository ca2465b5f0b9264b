import type { Column } from "../render/table.ts";

/** Where the columns of Keras' tables end, as parts of the line: with and without the one that says what is connected. */
const chainEnds = [0.45, 0.8, 1];
const graphEnds = [0.3, 0.56, 0.74, 1];
const alignments = ["left", "left", "right", "left"] as const;

/**
 * The widths of Keras' columns in a table of `lineLength` characters. Keras gives each column its part of the line; the borders and
 * spaces, for which there is no room then, are taken from all columns alike, which the package that draws its tables does.
 */
export function kerasTableColumns(
  headers: readonly string[],
  lineLength: number,
  isChain: boolean,
): Column[] {
  const ends = [...(isChain ? chainEnds : graphEnds)];
  const positions = headers.length > ends.length ? [...ends.map((end) => end * 0.9), 1] : ends;
  const padded = positions.map((end, i) => {
    const start = i === 0 ? 0 : Math.trunc(positions[i - 1]! * lineLength);
    return Math.trunc(end * lineLength) - start + 2;
  });
  let excess = padded.reduce((sum, width) => sum + width, 0) - (lineLength - padded.length - 1);
  return headers.map((header, i) => {
    const share = roundHalfToEven(excess / (padded.length - i));
    excess -= share;
    const align = i === ends.length ? "center" : alignments[i]!;
    return { header, align, width: padded[i]! - share - 2 };
  });
}

/** As Python rounds. */
function roundHalfToEven(value: number): number {
  const low = Math.floor(value);
  if (value - low !== 0.5) return Math.round(value);
  return low % 2 === 0 ? low : low + 1;
}
