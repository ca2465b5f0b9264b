import { stripVTControlCharacters } from "node:util";
import { duration } from "../../notebook/duration.ts";
import type { CodeCell } from "../../notebook/nbformat.ts";
import type { Progress } from "../../notebook/runNotebook.ts";

export interface ProgressDrawing {
  show: (progress: Progress) => void;
  /** Takes the live line away. */
  clear: () => void;
}

/**
 * Draws how a run goes on: on a terminal one living line with the time and the newest line of output, elsewhere one line for
 * each cell that ended. What ended stays on the terminal too.
 */
export function drawProgress(notebook: string, { stream = process.stderr } = {}): ProgressDrawing {
  let cells = 0;
  let running: { number: number; cell: CodeCell; since: number } | undefined;
  const line = (text: string): void => {
    if (stream.isTTY) stream.write(`\r\x1b[K${text.slice(0, (stream.columns || 80) - 1)}`);
  };
  const draw = (): void => {
    if (running === undefined) return;
    const { number, cell, since } = running;
    const newest = newestLine(cell);
    line(
      `  [${number}/${cells}] ${duration((Date.now() - since) / 1000)}  ${newest === "" ? titleOf(cell) : newest}`,
    );
  };
  const ticker = stream.isTTY ? setInterval(draw, 200) : undefined;
  ticker?.unref();
  const say = (text: string): void => {
    line("");
    stream.write(`${text}\n`);
  };
  return {
    show: (progress) => {
      switch (progress.is) {
        case "start":
          cells = progress.cells;
          say(`${notebook}: ${cells} ${cells === 1 ? "cell" : "cells"}`);
          for (const name of progress.unknownParameters)
            say(`  --param ${name}: the cell tagged "parameters" has none of that name`);
          break;
        case "cell":
          running = { number: progress.number, cell: progress.cell, since: Date.now() };
          draw();
          break;
        case "output":
          break;
        case "done": {
          running = undefined;
          const mark = progress.outcome.is === "ok" ? "" : ` (${progress.outcome.is})`;
          say(
            `  [${progress.number}/${cells}] ${duration(progress.seconds).padStart(6)}  ${titleOf(progress.cell)}${mark}`,
          );
        }
      }
    },
    clear: () => {
      clearInterval(ticker);
      line("");
    },
  };
}

/** What a reader knows a cell by: its first line that says something. */
function titleOf({ source }: CodeCell): string {
  const [first = ""] = source.split("\n").filter((text) => text.trim() !== "");
  return first.length > 60 ? `${first.slice(0, 59)}…` : first;
}

function newestLine({ outputs }: CodeCell): string {
  const stream = outputs.findLast((output) => output.output_type === "stream");
  if (stream?.output_type !== "stream") return "";
  // The end is enough: a cell may have printed megabytes.
  return stripVTControlCharacters(stream.text.slice(-500).trimEnd().split("\n").at(-1) ?? "").trim();
}
