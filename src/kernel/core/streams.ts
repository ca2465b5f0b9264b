/** Text of one stream that belongs under one parent. */
interface Chunk<Parent> {
  parent: Parent;
  name: "stdout" | "stderr";
  texts: string[];
  length: number;
}

/** How long text may wait for more of its kind, in milliseconds, and how much of it may wait, in UTF-16 units. */
const maxDelay = 10;
const maxLength = 1 << 16;

/**
 * Collects what a cell prints and publishes it in few messages. Text is never reordered: a chunk goes out before text of
 * another stream or another cell is taken, and `flush` is called before anything else is published.
 */
export class Streams<Parent> {
  readonly #publish: (parent: Parent, name: "stdout" | "stderr", text: string) => void;
  #chunk: Chunk<Parent> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #since = 0;

  constructor(publish: (parent: Parent, name: "stdout" | "stderr", text: string) => void) {
    this.#publish = publish;
  }

  write(parent: Parent, name: "stdout" | "stderr", text: string): void {
    if (text === "") return;
    if (this.#chunk && (this.#chunk.parent !== parent || this.#chunk.name !== name)) this.flush();
    const now = performance.now();
    if (this.#chunk === undefined) {
      this.#chunk = { parent, name, texts: [], length: 0 };
      this.#since = now;
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.flush();
      }, maxDelay);
    }
    this.#chunk.texts.push(text);
    this.#chunk.length += text.length;
    // A cell in a synchronous loop never lets the timer fire, so the clock is also looked at here.
    if (now - this.#since >= maxDelay || this.#chunk.length >= maxLength) this.flush();
  }

  flush(): void {
    const chunk = this.#chunk;
    if (chunk === undefined) return;
    this.#chunk = undefined;
    this.#publish(chunk.parent, chunk.name, chunk.texts.join(""));
  }
}
