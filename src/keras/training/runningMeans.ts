import { tf } from "../../tensorflow/tf.ts";
import type { StatefulMetric } from "../metrics/statefulMetric.ts";

/** How many batches' scalars wait on the device before they are read. */
const waiting = 256;

/**
 * The sum of which a batch's float32 mean was made. A mean of right and wrong answers goes back to their whole number, so
 * that equal accuracies of two epochs are equal numbers, whatever their batches, and a checkpoint sees no improvement.
 */
function sumOf(mean: number, size: number): number {
  const sum = mean * size;
  const whole = Math.round(sum);
  return Math.abs(sum - whole) <= whole * 2 ** -23 ? whole : sum;
}

/**
 * Means over batches, weighted by their sizes. Scalars are read late and many at a time, because reading each one as it
 * comes would make a GPU wait after every step.
 */
export class RunningMeans {
  readonly #names: readonly string[];
  /** Places of metrics whose last value counts, not their mean. */
  readonly #stateful: ReadonlySet<number>;
  readonly #totals: number[];
  #seen = 0;
  #latest: readonly number[] = [];
  #batches = 0;
  /** The first batch whose loss was no number, as far as values were read, and that loss. */
  broken: { batch: number; loss: number } | undefined;
  #pending: { values: tf.Tensor[]; size: number }[] = [];

  /** @param stateful metrics that count over batches themselves, by their place; they are made to forget earlier ones */
  constructor(names: readonly string[], stateful: ReadonlyMap<number, StatefulMetric> = new Map()) {
    this.#names = names;
    this.#stateful = new Set(stateful.keys());
    for (const metric of stateful.values()) metric.resetState();
    this.#totals = names.map(() => 0);
  }

  /** Takes over the values of one batch, scalars, or of several of that size, `[batches]`. */
  async add(values: tf.Tensor[], size: number): Promise<void> {
    this.#pending.push({ values, size });
    if (this.#pending.length >= waiting) await this.#drain();
  }

  /** The means so far, by name. */
  async read(): Promise<[string, number][]> {
    await this.#drain();
    return this.#names.map((name, index) => [
      name,
      this.#stateful.has(index) ? this.#totals[index]! : this.#totals[index]! / this.#seen,
    ]);
  }

  /** The values of the batch that was added last, by name. */
  async latest(): Promise<[string, number][]> {
    await this.#drain();
    return this.#names.map((name, index) => [name, this.#latest[index]!]);
  }

  /** Frees what was not read. */
  dispose(): void {
    tf.dispose(this.#pending.map(({ values }) => values));
    this.#pending = [];
  }

  async #drain(): Promise<void> {
    const read = await Promise.all(
      this.#pending.map(async ({ values, size }) => ({
        lists: await Promise.all(values.map((value) => value.data())),
        size,
      })),
    );
    this.dispose();
    for (const { lists, size } of read) {
      const batches = lists[0]?.length ?? 0;
      for (let batch = 0; batch < batches; batch++) {
        const values = lists.map((list) => list[batch]!);
        this.#count(values, size);
      }
    }
  }

  #count(values: readonly number[], size: number): void {
    values.forEach((value, index) => {
      if (this.#stateful.has(index)) this.#totals[index] = value;
      else this.#totals[index]! += sumOf(value, size);
    });
    this.#seen += size;
    this.#latest = values;
    const [loss = 0] = values;
    if (!Number.isFinite(loss)) this.broken ??= { batch: this.#batches, loss };
    this.#batches++;
  }
}
