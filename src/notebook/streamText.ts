/** One column of a terminal's line: a character and the colour codes in force where it stands. */
interface Column {
  character: string;
  style: string;
}

const reset = "\x1b[0m";
// A colour code, an erase to the end of the line, or a character of any plane.
const tokens = /\x1b\[[\d;]*m|\x1b\[0?K|[\s\S]/gu;
/** The end of a piece that cannot be understood before the next one is there: half a code, or a return before a newline. */
const undecided = /(\r+|\x1b(\[[\d;]*)?)$/;

/**
 * What a terminal would show of text that arrives in pieces: `\r` goes back to the start of the line, a backspace goes
 * back one character, and what follows overwrites; `ESC[K` erases to the end of the line. So a progress bar that redraws
 * itself a thousand times is one line in the notebook. Lines that nothing writes over are kept as they came.
 */
export class StreamText {
  #finished = "";
  /** The line that is being written, as it came; or, from the first return on, its columns. */
  #line = "";
  #columns: Column[] | undefined;
  #column = 0;
  #style = "";
  #undecided = "";

  append(piece: string): void {
    const text = this.#undecided + piece;
    this.#undecided = undecided.exec(text)?.[0] ?? "";
    const lines = text.slice(0, text.length - this.#undecided.length).split("\n");
    for (const [index, line] of lines.entries()) {
      const isLast = index === lines.length - 1;
      this.#write(isLast ? line : line.replace(/\r+$/, ""));
      if (!isLast) this.#finishLine();
    }
  }

  get text(): string {
    return this.#finished + this.#shownLine();
  }

  #write(text: string): void {
    if (this.#columns === undefined && !/[\r\b]/.test(text)) {
      this.#line += text;
      return;
    }
    const line = this.#columns === undefined ? this.#line + text : text;
    this.#columns ??= [];
    for (const [token] of line.matchAll(tokens)) this.#put(this.#columns, token);
  }

  #put(columns: Column[], token: string): void {
    if (token === "\r") this.#column = 0;
    else if (token === "\b") this.#column = Math.max(0, this.#column - 1);
    else if (/^\x1b.*K$/.test(token)) columns.length = Math.min(columns.length, this.#column);
    else if (token.startsWith("\x1b[")) this.#style = /^\x1b\[0?m$/.test(token) ? "" : this.#style + token;
    else columns[this.#column++] = { character: token, style: this.#style };
  }

  #shownLine(): string {
    if (this.#columns === undefined) return this.#line;
    let text = "";
    let style = "";
    // The last one stands for what is written next.
    for (const column of [...this.#columns, { character: "", style: this.#style }]) {
      if (column.style !== style) text += (style === "" ? "" : reset) + column.style;
      style = column.style;
      text += column.character;
    }
    return text;
  }

  #finishLine(): void {
    this.#finished += `${this.#shownLine()}\n`;
    this.#line = "";
    this.#columns = undefined;
    this.#column = 0;
    this.#style = "";
  }
}
