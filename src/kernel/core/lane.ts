/** One job of a lane. `aborted` says that an earlier job failed and this one must answer without running. */
type Job = (aborted: boolean) => Promise<void>;

/**
 * Runs jobs one after the other. The shell channel is one lane and the control channel another; a subshell will be a third.
 */
export class Lane {
  #queue: { job: Job; aborted: boolean }[] = [];
  #running: Promise<void> | undefined;

  add(job: Job): void {
    this.#queue.push({ job, aborted: false });
    this.#running ??= this.#run();
  }

  /** Lets every job that is queued now run as aborted. What is added later runs as ever. */
  abortQueued(): void {
    this.#queue = this.#queue.map(({ job }) => ({ job, aborted: true }));
  }

  async #run(): Promise<void> {
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift())
      await next.job(next.aborted);
    this.#running = undefined;
  }
}
