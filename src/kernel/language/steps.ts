import type { Watch } from "./watch.ts";

/**
 * The code of a cell, or of an async function of one, that takes a step from one `await` to the next. Each step runs where a signal
 * may break it, which the part behind an `await` of a function of JavaScript's own does not. The function itself waits, not this
 * object, so that stacks name it:
 *
 *     while (steps.next()) try { switch (steps.site) { case 0: steps.value = await steps.value; … } } catch (e) { steps.fail(e); }
 *     return steps.value;
 */
export class Steps {
  /** Which `await` of the function it has come to. */
  site = 0;
  /** What is to be awaited, then what that has given; in the end what the function returns. */
  value: unknown;
  readonly #generator: Generator<[site: number, awaited: unknown]>;
  readonly #watch: Watch;
  #failed = false;

  constructor(generator: Generator<[site: number, awaited: unknown]>, watch: Watch) {
    this.#generator = generator;
    this.#watch = watch;
  }

  /** Goes on to the next `await`. False when there is none, because the function has returned; throws what the function throws. */
  next(): boolean {
    const generator = this.#generator;
    const { value } = this;
    // What was awaited may be large, and the next wait long.
    this.value = undefined;
    const failed = this.#failed;
    this.#failed = false;
    const step = this.#watch(() => (failed ? generator.throw(value) : generator.next(value)));
    if (step.done === true) this.value = step.value;
    else [this.site, this.value] = step.value;
    return step.done !== true;
  }

  /** What was awaited has failed: the next step throws this at its place. */
  fail(error: unknown): void {
    this.#failed = true;
    this.value = error;
  }
}
