import { randomUUID } from "node:crypto";
import { InputError } from "../errors.ts";
import { display } from "../jupyter/display.ts";
import { currentHost } from "../jupyter/host.ts";
import { displaySymbol } from "../jupyter/mimeBundle.ts";
import { KerasCallback, readLogs, type RawLogs } from "../keras/callbacks/kerasCallback.ts";
import { learningRateOf } from "../keras/optimizers/learningRate.ts";
import { formatNumber } from "../render/formatNumber.ts";
import { curves, readCurves, type CurvesData, type CurvesOptions } from "./curves.ts";
import { liveBundle } from "./liveChart.ts";
import type { View } from "./view.ts";

/** Options of {@link liveCurves}: those of `curves`, and how often it draws. */
export interface LiveCurvesOptions extends CurvesOptions {
  /** How often a second at most, up to 5. Default 4. */
  perSecond?: number;
}

const fastest = 5;

/** Draws a training while it runs. A callback for `fit` and for TensorFlow.js's own `model.fit`. */
export class LiveCurves extends KerasCallback {
  readonly #options: CurvesOptions;
  readonly #pause: number;
  readonly #history: Record<string, number[]> = {};
  #epochs = 1;
  #steps: number | undefined;
  #epoch = 0;
  #step = 0;
  #first = 0;
  #started = 0;
  #lastDrawn = -Infinity;
  #timer: NodeJS.Timeout | undefined;
  #drawing: Promise<unknown> | undefined;
  #displayId: string | undefined;
  #data: CurvesData | undefined;

  constructor({ perSecond = 4, ...options }: LiveCurvesOptions = {}) {
    super();
    if (!(perSecond > 0 && perSecond <= fastest)) {
      const expected = `perSecond above 0, up to ${String(fastest)}`;
      throw new InputError({ who: "liveCurves", expected, found: String(perSecond) });
    }
    this.#options = { title: "Training", ...options };
    this.#pause = 1000 / perSecond;
  }

  /** The curves so far; of a training that has ended, what is shown. `undefined` before the first epoch has ended. */
  get view(): View<CurvesData> | undefined {
    return this.#epochsDone === 0 ? undefined : curves({ history: this.#history }, this.#options);
  }

  get #epochsDone(): number {
    return Math.max(0, ...Object.values(this.#history).map((values) => values.length));
  }

  override onTrainBegin(): Promise<void> {
    for (const name of Object.keys(this.#history)) delete this.#history[name];
    const { epochs, steps } = this.params as { epochs?: number; steps?: number | null };
    this.#epochs = epochs ?? 1;
    this.#steps = steps ?? undefined;
    this.#data = undefined;
    this.#displayId = undefined;
    this.#first = -1;
    this.#started = performance.now();
    this.#lastDrawn = -Infinity;
    return Promise.resolve();
  }

  override onEpochBegin(epoch: number): Promise<void> {
    if (this.#first < 0) this.#first = epoch;
    this.#epoch = epoch;
    this.#step = 0;
    this.#draw();
    return Promise.resolve();
  }

  // The number of the batch is enough to know how far it is; its logs would have to be waited for.
  override onBatchBegin(batch: number): Promise<void> {
    this.#step = batch;
    this.#draw();
    return Promise.resolve();
  }

  override async onEpochEnd(epoch: number, raw?: RawLogs): Promise<void> {
    const logs = await readLogs(raw);
    const rate = learningRateOf(this.trained.optimizer);
    if (logs.learning_rate === undefined && typeof rate === "number") logs.learning_rate = rate;
    const before = this.#epochsDone;
    for (const [name, value] of Object.entries(logs)) {
      // What is measured only now and then has no number in the epochs between.
      const values = (this.#history[name] ??= []);
      while (values.length < before) values.push(NaN);
      values.push(value);
    }
    this.#data = undefined;
    if (before === 0) this.#checkMonitor();
    this.#epoch = epoch + 1;
    this.#step = 0;
    this.#draw();
  }

  /** The last picture is a whole one, with a PNG, that stays in the notebook; elsewhere it is the only one. */
  override async onTrainEnd(): Promise<void> {
    this.#stopTimer();
    await this.#drawing;
    this.#forgetConstantRate();
    const { view } = this;
    if (view === undefined) return;
    const displayId = this.#displayId;
    await (displayId === undefined ? display(view) : display(view, { displayId, update: true }));
  }

  /** A learning rate that never changed would be a panel that says nothing. */
  #forgetConstantRate(): void {
    const rates = this.#history.learning_rate ?? [];
    if (rates.some((rate) => rate !== rates[0])) return;
    delete this.#history.learning_rate;
  }

  /** A metric to monitor that is not there is told of after the first epoch, not after hours. */
  #checkMonitor(): void {
    try {
      this.#data = this.#read();
    } catch (error) {
      this.#stopTimer();
      throw error;
    }
  }

  #stopTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #read(): CurvesData {
    return readCurves({ history: this.#history }, this.#options);
  }

  /** Draws at once if it is time, else when it is: what is shown is never older than the pause. */
  #draw(): void {
    if (!currentHost().notebook || this.#timer !== undefined) return;
    const wait = this.#lastDrawn + this.#pause - performance.now();
    if (wait <= 0) this.#drawNow();
    else {
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.#drawNow();
      }, wait);
      // A training that failed ends without a word to its callbacks: the process must not wait for a picture.
      this.#timer.unref();
    }
  }

  #drawNow(): void {
    // One is still on its way: the next call draws.
    if (this.#drawing !== undefined) return;
    this.#lastDrawn = performance.now();
    const update = this.#displayId !== undefined;
    const displayId = (this.#displayId ??= randomUUID());
    if (this.#epochsDone > 0) this.#data ??= this.#read();
    const moment = liveBundle(this.#data, {
      title: this.#options.title!,
      line: this.#progressLine(),
      done: this.#done,
    });
    const shown = display({ [displaySymbol]: () => moment }, { displayId, update });
    // What cannot be shown now may be shown at the end, which says why if it cannot either.
    this.#drawing = shown.catch(() => undefined).finally(() => (this.#drawing = undefined));
  }

  get #done(): number {
    const part = this.#steps === undefined ? 0 : this.#step / this.#steps;
    return Math.min((this.#epoch + part) / this.#epochs, 1);
  }

  #progressLine(): string {
    const parts = [`epoch ${String(Math.min(this.#epoch + 1, this.#epochs))} of ${String(this.#epochs)}`];
    if (this.#steps !== undefined && this.#step > 0) {
      parts.push(`batch ${String(this.#step)} of ${String(this.#steps)}`);
    }
    const seconds = (performance.now() - this.#started) / 1000;
    const begun = this.#first / this.#epochs;
    if (this.#done > begun) {
      parts.push(`${duration((seconds * (1 - this.#done)) / (this.#done - begun))} left`);
    }
    const best = this.#data?.best;
    if (best !== undefined)
      parts.push(`best ${best.monitor} ${formatNumber(best.value)} in ${String(best.epoch)}`);
    return parts.join(" · ");
  }
}

function duration(seconds: number): string {
  if (seconds < 60) return `${String(Math.ceil(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60
    ? `${String(minutes)} min`
    : `${String(Math.floor(minutes / 60))} h ${String(minutes % 60)} min`;
}

/**
 * A callback that draws the curves of a training while it runs: in place, a few times a second, with the time that is left. When the
 * training ends, also by the stop button, what `curves` draws takes its place and stays in the notebook. In a terminal only this
 * last one is shown.
 *
 * ```ts
 * const live = liveCurves({ smoothing: 0.6 });
 * await fit(model, train, { epochs: 30, validationData: test, callbacks: [live] });
 * await live.view?.save("training.png");
 * ```
 *
 * @param options see {@link LiveCurvesOptions}; all have defaults
 * @throws InputError for more than five pictures a second
 */
export function liveCurves(options: LiveCurvesOptions = {}): LiveCurves {
  return new LiveCurves(options);
}
