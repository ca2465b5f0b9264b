/** A decoded picture, of bytes or of other numbers. */
interface Decoded {
  data: { byteLength: number };
}

/** A picture that somebody waits for. */
interface Wanted<Picture> {
  index: number;
  resolve: (picture: Picture) => void;
  reject: (error: unknown) => void;
}

/** Pictures that are read together. */
const groupSize = 16;
/** Groups that are read at once. Node has four threads for such work, and a step of training needs one of them. */
const groupsAtOnce = 3;

/**
 * Keeps decoded pictures, as bytes, up to a limit, so that each file is decoded once in a training of many epochs.
 * What does not fit is decoded anew each time.
 */
export class PictureStore<Picture extends Decoded> {
  readonly #read: (indices: number[]) => Promise<PromiseSettledResult<Picture>[]>;
  readonly #limit: number;
  readonly #kept = new Map<number, Promise<Picture>>();
  readonly #wanted: Wanted<Picture>[] = [];
  #bytes = 0;
  #groups = 0;

  /**
   * @param read decodes the pictures of some indices
   * @param limit how many bytes of decoded pictures are kept
   */
  constructor(read: (indices: number[]) => Promise<PromiseSettledResult<Picture>[]>, limit: number) {
    this.#read = read;
    this.#limit = limit;
  }

  /** The picture of an index; asking early starts the decoding, which happens on other threads. */
  get(index: number): Promise<Picture> {
    const kept = this.#kept.get(index);
    if (kept !== undefined) return kept;
    const picture = this.#ask(index).then((decoded) => {
      if (this.#bytes + decoded.data.byteLength <= this.#limit) this.#bytes += decoded.data.byteLength;
      else this.#kept.delete(index);
      return decoded;
    });
    this.#kept.set(index, picture);
    // A broken picture is reported to whoever awaits it, and tried again the next time.
    picture.catch(() => this.#kept.delete(index));
    return picture;
  }

  #ask(index: number): Promise<Picture> {
    return new Promise((resolve, reject) => {
      // Those that are asked for in one go become groups.
      if (this.#wanted.length === 0) queueMicrotask(() => this.#readGroups());
      this.#wanted.push({ index, resolve, reject });
    });
  }

  #readGroups(): void {
    while (this.#wanted.length > 0 && this.#groups < groupsAtOnce) {
      this.#groups++;
      void this.#readGroup(this.#wanted.splice(0, groupSize)).finally(() => {
        this.#groups--;
        this.#readGroups();
      });
    }
  }

  async #readGroup(group: Wanted<Picture>[]): Promise<void> {
    try {
      const results = await this.#read(group.map(({ index }) => index));
      group.forEach(({ resolve, reject }, place) => {
        const result = results[place]!;
        if (result.status === "fulfilled") resolve(result.value);
        else reject(result.reason);
      });
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }
}
