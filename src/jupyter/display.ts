import { currentHost } from "./host.ts";
import { toBundle } from "./toBundle.ts";

/** Options of {@link display}. */
export interface DisplayOptions {
  /** A name by which a later call can replace what this one shows. Default: none. */
  displayId?: string;
  /** Replaces what was shown under `displayId` instead of showing it anew. Default false. */
  update?: boolean;
}

/**
 * Shows a value where the code runs: in the notebook's cell under our kernel, Deno's or tslab's; as text in a terminal.
 * The last expression of a cell shows itself; this is for all the others.
 *
 * ```ts
 * await display(curves(history));
 * await display("training …", { displayId: "state" });
 * await display("done", { displayId: "state", update: true });
 * ```
 *
 * @param value anything; what has a `Symbol.for("Jupyter.display")` method shows itself by it
 * @param options see {@link DisplayOptions}
 */
export async function display(value: unknown, options: DisplayOptions = {}): Promise<void> {
  await currentHost().display(await toBundle(value), options);
}
