/** One job of a lane. `aborted` says that an earlier job failed and this one must answer without running. */
type Job = (aborted: boolean) => Promise<void>;

/** Runs jobs one after the other. The shell channel is one lane, the control channel another, and so is each subshell. */
export class Lane {
  #queue: { job: Job; aborted: boolean; about: string | undefined }[] = [];
  #running: Promise<void> | undefined;

  /** Adds a job at the end. `about` names what it works on, for {@link awaits}. */
  add(job: Job, about?: string): void {
    this.#queue.push({ job, aborted: false, about });
    this.#running ??= this.#run();
  }

  /** Lets every job that is queued now run as aborted. What is added later runs as ever. */
  abortQueued(): void {
    for (const entry of this.#queue) entry.aborted = true;
  }

  /** Whether a job about this has not started yet. */
  awaits(about: string): boolean {
    return this.#queue.some((entry) => entry.about === about);
  }

  /** Resolves when no job is left, or after that many milliseconds. */
  async idle(patience: number): Promise<void> {
    if (!this.#running) return;
    let timer: NodeJS.Timeout | undefined;
    const enough = new Promise<void>((resolve) => (timer = setTimeout(resolve, patience)));
    await Promise.race([this.#running, enough]);
    clearTimeout(timer);
  }

  async #run(): Promise<void> {
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift())
      await next.job(next.aborted);
    this.#running = undefined;
  }
}
