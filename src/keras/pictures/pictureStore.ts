import { availableParallelism } from "node:os";

/** A decoded picture, of bytes or of other numbers. */
interface Decoded {
  data: { byteLength: number };
}

/** How many pictures are read at once: enough for every core while some wait for the disk, and few whole files in memory. */
const atOnce = 2 * availableParallelism() + 2;

/**
 * Keeps decoded pictures, as bytes, up to a limit, so that each file is decoded once in a training of many epochs.
 * What does not fit is decoded anew each time.
 */
export class PictureStore<Picture extends Decoded> {
  readonly #read: (index: number) => Promise<Picture>;
  readonly #limit: number;
  readonly #kept = new Map<number, Promise<Picture>>();
  readonly #waiting: (() => void)[] = [];
  #bytes = 0;
  #reading = 0;

  /**
   * @param read decodes the picture of an index
   * @param limit how many bytes of decoded pictures are kept
   */
  constructor(read: (index: number) => Promise<Picture>, limit: number) {
    this.#read = read;
    this.#limit = limit;
  }

  /** The picture of an index; asking early starts the decoding, which happens on other threads. */
  get(index: number): Promise<Picture> {
    const kept = this.#kept.get(index);
    if (kept !== undefined) return kept;
    const picture = this.#readInTurn(index).then((decoded) => {
      if (this.#bytes + decoded.data.byteLength <= this.#limit) this.#bytes += decoded.data.byteLength;
      else this.#kept.delete(index);
      return decoded;
    });
    this.#kept.set(index, picture);
    // A broken picture is reported to whoever awaits it, and tried again the next time.
    picture.catch(() => this.#kept.delete(index));
    return picture;
  }

  async #readInTurn(index: number): Promise<Picture> {
    if (this.#reading === atOnce) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#reading++;
    try {
      return await this.#read(index);
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#reading--;
      else next();
    }
  }
}
