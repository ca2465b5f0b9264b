import { signalGroup } from "../language/magics/signalGroup.ts";

/**
 * What commands of cells have left running (`!server &`), by their process groups. Such processes belong to nobody, so no one
 * else would find them when the kernel ends.
 */
export class BackgroundJobs {
  readonly #groups = new Set<number>();

  add(group: number): void {
    // A number is given again once its group is empty.
    for (const known of this.#groups) if (!signalGroup(known, 0)) this.#groups.delete(known);
    this.#groups.add(group);
  }

  /** Ends them as a terminal does that is closed: what was started with `nohup` stays. */
  hangUp(): void {
    for (const group of this.#groups) signalGroup(group, "SIGHUP");
  }
}
