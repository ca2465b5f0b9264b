import type { Watch } from "./watch.ts";

type Dispose = () => unknown;

/** The values that a cell declared with `using`, which live as long as the cell. */
export class Disposal {
  readonly #pending: Dispose[] = [];
  readonly #watch: Watch;

  constructor(watch: Watch) {
    this.#watch = watch;
  }

  /** Takes a value and gives it back. Throws a TypeError for what cannot be disposed of; null and undefined need not be. */
  use(value: unknown, isAsync: boolean): unknown {
    if (value === null || value === undefined) return value;
    const methods = value as Partial<Record<symbol, Dispose>>;
    const dispose = (isAsync ? methods[Symbol.asyncDispose] : undefined) ?? methods[Symbol.dispose];
    if (typeof dispose !== "function")
      throw new TypeError(
        `The value of ${isAsync ? "await using" : "using"} has no method [Symbol.${isAsync ? "asyncDispose" : "dispose"}]`,
      );
    this.#pending.push(() => dispose.call(value));
    return value;
  }

  /** Disposes of all, the last one first, whatever they throw. Throws what one of them threw, or an AggregateError. */
  async end(): Promise<void> {
    const errors: unknown[] = [];
    for (const dispose of this.#pending.splice(0).reverse()) {
      try {
        await this.#watch(dispose);
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length === 1) throw errors[0];
    if (errors.length > 1) throw new AggregateError(errors, "some values could not be disposed of");
  }
}
