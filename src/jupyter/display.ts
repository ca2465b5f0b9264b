import { randomUUID } from "node:crypto";
import { chain } from "./chain.ts";
import { currentHost } from "./host.ts";
import { displaySymbol, type MimeData } from "./mimeBundle.ts";
import { quietly } from "./quietly.ts";
import { toBundle } from "./toBundle.ts";

/** Options of {@link display}. */
export interface DisplayOptions {
  /** A name by which a later call can replace what this one shows. Default: a new one. */
  displayId?: string;
  /** Replaces what was shown under `displayId` instead of showing it anew. Default false. */
  update?: boolean;
}

/** What {@link display} has shown. */
export interface DisplayHandle {
  /** The name of its place in the notebook. */
  readonly id: string;
  /** Shows another value in its place, wherever that is in the notebook. In a terminal it comes below. */
  update(value: unknown): Promise<void>;
  /** Nothing: what it stands for is shown where it is, also when the handle is the last expression of a cell. */
  [displaySymbol](): MimeData;
}

/**
 * Shows a value where the code runs: in the notebook's cell under our kernel, Deno's or tslab's; as text in a terminal.
 * The last expression of a cell shows itself; this is for all the others. Also without `await`, a value that can be drawn at
 * once stands before what is printed next; tensors, charts and others that are drawn in the background come when they are
 * ready.
 *
 * ```ts
 * await display(curves(history));
 * const state = await display("training …");
 * await state.update("done");
 * ```
 *
 * @param value anything; what has a `Symbol.for("Jupyter.display")` method shows itself by it
 * @param options see {@link DisplayOptions}
 * @throws whatever that method throws
 */
export function display(value: unknown, options: DisplayOptions = {}): Promise<DisplayHandle> {
  return quietly(show(value, options));
}

async function show(value: unknown, options: DisplayOptions): Promise<DisplayHandle> {
  const { displayId = randomUUID(), update = false } = options;
  await chain(toBundle(value), (bundle) => currentHost().display(bundle, { displayId, update }));
  return {
    id: displayId,
    [displaySymbol]: () => ({}),
    update: (newer) => quietly(show(newer, { displayId, update: true }).then(() => undefined)),
  };
}
