/**
 * What a loop with `for await` goes through, for a generator that cannot contain such a loop:
 *
 *     const i = iterate(x); try { while (!i.isLeft && i.take(yield i.next())) for (const item of i.item()) { … } }
 *     catch (e) { i.fail(e); } finally { if (i.isLeft) yield i.close(); i.end(); }
 */
export class AsyncIteration {
  /** Whether the loop was left before its end, by `break`, `return` or an error: then what it went through must hear of it. */
  isLeft = false;
  readonly #iterator: object;
  /** Asked for once, as JavaScript does it. */
  readonly #next: () => unknown;
  #value: unknown;
  #failure: { error: unknown } | undefined;

  constructor(iterable: unknown) {
    this.#iterator = iteratorOf(iterable);
    this.#next = methodOf(this.#iterator, "next")!;
  }

  /** Asks for the next item. To be awaited. */
  next(): unknown {
    return this.#next();
  }

  /** Takes the answer. False when there are no more items. */
  take(answer: unknown): boolean {
    const result = resultOf(answer) as IteratorResult<unknown, unknown>;
    if (result.done) return false;
    this.#value = result.value;
    return true;
  }

  /** The item, for a loop that JavaScript itself goes through once: it tells of any way to leave it. */
  item(): Iterable<unknown> {
    const results = [{ done: false, value: this.#value }];
    this.#value = undefined;
    const iterator = {
      next: () => results.pop() ?? { done: true, value: undefined },
      return: () => {
        this.isLeft = true;
        return { done: true, value: undefined };
      },
    };
    return { [Symbol.iterator]: () => iterator };
  }

  /** Notes the error that ends the loop. */
  fail(error: unknown): void {
    this.#failure = { error };
  }

  /** Lets go of what the loop went through. To be awaited. Of two errors the loop's own is the one to show. */
  async close(): Promise<void> {
    try {
      const close = methodOf(this.#iterator, "return");
      if (close) resultOf(await close());
    } catch (error) {
      this.#failure ??= { error };
    }
  }

  /** Throws the error that has ended the loop. */
  end(): void {
    if (this.#failure) throw this.#failure.error;
  }
}

function iteratorOf(iterable: unknown): object {
  const iterate = methodOf(iterable, Symbol.asyncIterator);
  if (iterate) return resultOf(iterate());
  if (!methodOf(iterable, Symbol.iterator)) throw new TypeError(`${typeof iterable} is not async iterable`);
  return iterateSync(iterable as Iterable<unknown>);
}

/** What comes from other iterables is awaited, as JavaScript does it. */
// eslint-disable-next-line @typescript-eslint/require-await -- the iteration awaits
async function* iterateSync(iterable: Iterable<unknown>): AsyncGenerator {
  yield* iterable;
}

/** A method, bound to its object; undefined when there is none. */
function methodOf(object: unknown, name: PropertyKey): (() => unknown) | undefined {
  const method = (object as Record<PropertyKey, (() => unknown) | null | undefined> | null | undefined)?.[
    name
  ];
  return method ? () => Reflect.apply(method, object, []) : undefined;
}

function resultOf(value: unknown): object {
  if ((typeof value === "object" && value !== null) || typeof value === "function") return value;
  throw new TypeError(`Iterator result ${String(value)} is not an object`);
}
