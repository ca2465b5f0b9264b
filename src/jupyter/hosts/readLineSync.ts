import { closeSync, openSync, readSync } from "node:fs";
import type { InputOptions } from "../host.ts";
import { inputEnded } from "./readLine.ts";

const newline = 0x0a;
/** What a terminal sends for keys in raw mode. */
const keys = { enter: 0x0d, stop: 0x03, end: 0x04, backspace: [0x08, 0x7f] };

/**
 * Asks for a line on standard input while everything waits.
 *
 * @throws InputError when the input has ended
 */
export function readLineSync(prompt: string, { password = false }: InputOptions = {}): string {
  const ask = (file: number, raw = false): string => {
    process.stdout.write(prompt);
    return readFrom(file, raw);
  };
  if (!process.stdin.isTTY) return ask(0);
  // Standard input of a terminal does not wait for a line once Node has opened it; the terminal itself does.
  const terminal = process.platform === "win32" ? 0 : openSync("/dev/tty", "r");
  try {
    return password ? withoutEcho(() => ask(terminal, true)) : ask(terminal);
  } finally {
    if (terminal !== 0) closeSync(terminal);
  }
}

function withoutEcho(read: () => string): string {
  process.stdin.setRawMode(true);
  try {
    return read();
  } finally {
    process.stdin.setRawMode(false);
    process.stdout.write("\n");
  }
}

/** Byte by byte, because what lies behind the line is for others. */
function readFrom(file: number, raw: boolean): string {
  const bytes: number[] = [];
  const byte = new Uint8Array(1);
  for (;;) {
    const count = readSync(file, byte);
    const [value] = byte as unknown as [number];
    if (count === 0 || (raw && value === keys.end)) {
      if (bytes.length === 0) throw inputEnded();
      break;
    }
    if (value === newline || (raw && value === keys.enter)) break;
    if (raw && value === keys.stop) process.kill(process.pid, "SIGINT");
    else if (raw && keys.backspace.includes(value)) bytes.pop();
    else bytes.push(value);
  }
  return Buffer.from(bytes).toString().replace(/\r$/, "");
}
