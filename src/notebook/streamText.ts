/**
 * What a terminal would show of text that arrives in pieces: `\r` goes back to the start of the line, a backspace goes
 * back one character, and what follows overwrites; `ESC[K` erases to the end of the line. So a progress bar that redraws
 * itself a thousand times is one line in the notebook. Colour codes are kept and take no room.
 */
export class StreamText {
  #finished = "";
  #line = "";

  append(piece: string): void {
    const lines = (this.#line + piece).split("\n");
    this.#line = overwrite(lines.pop() ?? "");
    if (lines.length > 0) this.#finished += `${lines.map(finish).join("\n")}\n`;
  }

  get text(): string {
    return this.#finished + finish(this.#line);
  }

  /** The line that is being written. */
  get lastLine(): string {
    return finish(this.#line);
  }
}

/** A carriage return at the very end moves the cursor but overwrites nothing any more. */
function finish(line: string): string {
  return overwrite(line).replace(/\r+$/, "");
}

// A colour code, an erase, one character of any plane, or a control character.

const tokens = /\x1b\[[\d;]*m|\x1b\[\d*K|[\s\S]/gu;

function overwrite(line: string): string {
  if (!/[\r\b]/.test(line)) return line;
  const columns: string[] = [];
  let column = 0;
  let style = "";
  for (const [token] of line.matchAll(tokens)) {
    if (token === "\r") column = 0;
    else if (token === "\b") column = Math.max(0, column - 1);
    else if (token.endsWith("K") && token.length > 1) columns.length = Math.min(columns.length, column);
    else if (token.startsWith("\x1b") && token.length > 1) style += token;
    else {
      columns[column++] = style + token;
      style = "";
    }
  }
  // The next piece has to know that the cursor stands at the start again.
  return columns.join("") + style + (line.endsWith("\r") ? "\r" : "");
}
