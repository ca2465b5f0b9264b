import { stripVTControlCharacters } from "node:util";
import { duration } from "../../notebook/duration.ts";
import type { Failure, RunResult } from "../../notebook/runNotebook.ts";

/** Says on the terminal how a run ended and where its results are; returns the exit code. */
export function reportResult(
  notebook: string,
  { failure, finished, cells, seconds, output, html }: RunResult,
): 0 | 1 {
  if (failure !== undefined) process.stderr.write(`${failureText(notebook, failure)}\n`);
  const count = failure === undefined ? `${cells}` : `${finished} of ${cells}`;
  const lines = [
    `${notebook}: ${count} ${cells === 1 ? "cell" : "cells"} in ${duration(seconds)}`,
    `  ${output}`,
    `  ${html}`,
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
  return failure === undefined ? 0 : 1;
}

function failureText(notebook: string, { number, outcome }: Failure): string {
  const where = number === undefined ? notebook : `${notebook}: cell ${number}`;
  switch (outcome.is) {
    case "error": {
      const traceback = outcome.traceback.join("\n");
      const text = process.stderr.isTTY ? traceback : stripVTControlCharacters(traceback);
      return `${text === "" ? "" : `${text}\n`}${where}: ${outcome.message.split("\n")[0]}`;
    }
    case "stopped":
      return `${where}: stopped`;
    default:
      return `${where}: ${outcome.message}`;
  }
}
