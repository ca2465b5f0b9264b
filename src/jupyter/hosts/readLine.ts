import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { InputError } from "../../errors.ts";
import type { InputOptions } from "../host.ts";

/** What came in behind the line that was asked for, in a pipe: it belongs to the next question. */
const waiting: string[] = [];

/**
 * Asks for a line on standard input.
 *
 * @throws InputError when the input has ended
 */
export async function readLine(prompt: string, { password = false }: InputOptions = {}): Promise<string> {
  const next = waiting.shift();
  if (next !== undefined || process.stdin.readableEnded) {
    process.stdout.write(prompt);
    if (next === undefined) throw inputEnded();
    return next;
  }
  const terminal = process.stdin.isTTY;
  const lines = createInterface({
    input: process.stdin,
    // Only a terminal has an echo, and readline writes it: to nowhere.
    ...(terminal && { terminal, output: password ? new Writable({ write: swallow }) : process.stdout }),
  });
  // Only now, when nothing that is typed is shown by the terminal itself.
  process.stdout.write(prompt);
  try {
    return await firstLine(lines);
  } finally {
    lines.close();
    if (password && terminal) process.stdout.write("\n");
  }
}

function firstLine(lines: ReturnType<typeof createInterface>): Promise<string> {
  return new Promise((resolve, reject) => {
    let answered = false;
    lines.on("line", (line) => {
      if (answered) waiting.push(line);
      else resolve(line);
      answered = true;
    });
    lines.once("SIGINT", () => process.kill(process.pid, "SIGINT"));
    lines.once("close", () => reject(inputEnded()));
  });
}

function swallow(_chunk: unknown, _encoding: string, done: () => void): void {
  done();
}

/** Nobody will type anything any more. */
export function inputEnded(): InputError {
  return new InputError({ who: "input", expected: "a line", found: "the end of the input" });
}
