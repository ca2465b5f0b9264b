import { InputError } from "../../errors.ts";
import { permutation } from "../training/permutation.ts";
import type { Random } from "./drawTransform.ts";
import { randomOf } from "./randomOf.ts";

/** What batches are made of, and how. */
export interface EpochOptions<Item, Batch> {
  samples: number;
  batchSize: number;
  shuffle: boolean;
  seed: number | undefined;
  signal: AbortSignal | undefined;
  /** Starts to load one sample. */
  load: (index: number) => Promise<Item>;
  /** Makes a batch of what was loaded; `random` is the batch's own, repeatable with a seed. */
  makeBatch: (items: Item[], indices: Int32Array, random: Random) => Batch | Promise<Batch>;
  /** What is done about samples that cannot be loaded. */
  onError: "throw" | "skip";
  /** A sample's name, for messages. */
  nameOf: (index: number) => string;
}

/** Epochs of batches, one each time it is iterated. */
export interface Epochs<Batch> extends AsyncIterable<Batch> {
  /** How many samples there are. */
  readonly samples: number;
  /** How many samples a batch has; the last one of an epoch may have fewer. */
  readonly batchSize: number;
  /** How many batches an epoch has. */
  readonly length: number;
}

/** Samples that are loaded ahead, beyond those of the batch that is made next. */
const most = 96;

/** How many of the samples that were left out are named. */
const named = 3;

/**
 * Gives samples as batches, newly shuffled in each epoch. While a batch is used, the next ones are loaded.
 *
 * With a seed the n-th epoch always has the same order, and its batches the same random numbers, however many epochs were left early.
 */
export function epochsOf<Item, Batch>(options: EpochOptions<Item, Batch>): Epochs<Batch> {
  const { samples, batchSize, shuffle, seed, signal, load, makeBatch, onError, nameOf } = options;
  const unreadable = new Set<number>();
  let told = 0;
  let epochs = 0;

  /** Says once which samples were left out. */
  function tell(): void {
    if (unreadable.size === told) return;
    told = unreadable.size;
    const names = [...unreadable].slice(0, named).map(nameOf).join(", ");
    const rest = told > named ? ", …" : "";
    process.stdout.write(`Skipped ${told} of ${samples} pictures that cannot be read: ${names}${rest}\n`);
  }

  async function* epoch(): AsyncGenerator<Batch, void, undefined> {
    const number = epochs++;
    const order = shuffle
      ? permutation(samples, randomOf(seed, number))
      : Int32Array.from({ length: samples }, (_, index) => index);
    const ahead: { index: number; item: Promise<Item> }[] = [];
    let next = 0;
    const loadAhead = () => {
      while (next < samples && ahead.length < batchSize + Math.min(3 * batchSize, most)) {
        const index = order[next++]!;
        if (unreadable.has(index)) continue;
        const item = load(index);
        // A failure is seen when the sample is awaited, which may never happen when the epoch is left early.
        item.catch(() => undefined);
        ahead.push({ index, item });
      }
    };
    const take = async () => {
      const items: Item[] = [];
      const indices: number[] = [];
      while (items.length < batchSize) {
        loadAhead();
        const first = ahead.shift();
        if (first === undefined) break;
        try {
          items.push(await first.item);
          indices.push(first.index);
        } catch (error) {
          if (onError === "throw" || !(error instanceof InputError)) throw error;
          unreadable.add(first.index);
          if (unreadable.size === samples) throw error;
        }
      }
      return { items, indices: Int32Array.from(indices) };
    };
    for (let batch = 0; ; batch++) {
      signal?.throwIfAborted();
      const { items, indices } = await take();
      if (items.length === 0) break;
      loadAhead();
      yield await makeBatch(items, indices, randomOf(seed, number, batch));
    }
    tell();
  }

  return {
    samples,
    batchSize,
    get length() {
      return Math.ceil((samples - unreadable.size) / batchSize);
    },
    [Symbol.asyncIterator]: epoch,
  };
}
