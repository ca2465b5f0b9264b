/** One job of a lane. `aborted` says that an earlier job failed and this one must answer without running. */
type Job = (aborted: boolean) => Promise<void>;

/**
 * Runs jobs one after the other. The shell channel is one lane and the control channel another; a subshell will be a third.
 */
export class Lane {
  readonly #jobs: Job[] = [];
  #running: Promise<void> | undefined;
  #aborting = false;

  add(job: Job): void {
    this.#jobs.push(job);
    this.#running ??= this.#run();
  }

  /**
   * Lets every job that is queued, or reaches the queue before `allArrived` resolves, run as aborted. The end of it is a job
   * on the same queue, so no time is guessed.
   */
  abortQueued(allArrived: Promise<void>): void {
    this.#aborting = true;
    void allArrived.then(() => {
      this.add(() => {
        this.#aborting = false;
        return Promise.resolve();
      });
    });
  }

  async #run(): Promise<void> {
    for (let job = this.#jobs.shift(); job !== undefined; job = this.#jobs.shift()) await job(this.#aborting);
    this.#running = undefined;
  }
}
