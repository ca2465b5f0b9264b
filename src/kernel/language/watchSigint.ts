/** Node's watch for SIGINT: a thread that breaks the script that runs with `breakOnSigint`, or does nothing when none does. */
interface SigintWatchdog {
  startSigintWatchdog(this: void): void;
}

/**
 * From now on SIGINT breaks the script that runs with `breakOnSigint`, with an error that only its caller sees, and does nothing when there
 * is none. Without this Node begins its watch with each script and ends it behind it, which takes longer than most cells, and
 * at those moments a signal would end the process.
 */
export function watchSigint(): void {
  // There a signal to oneself is not a signal but the end, so none is sent.
  if (process.platform === "win32") return;
  const begin = process.rawListeners("newListener").find(({ name }) => name === "startListeningIfSignal");
  const { startSigintWatchdog } = watchdog();
  if (begin === undefined || startSigintWatchdog === undefined) {
    // A Node that we do not know: as long as somebody listens, the signal does not end the process.
    process.on("SIGINT", () => undefined);
    return;
  }
  startSigintWatchdog();
  // A listener of a cell or a library would take the watch's place, and leave nothing there when it is removed.
  process.removeListener("newListener", begin as () => void);
  process.on("newListener", (event: string | symbol, listener: () => void) => {
    if (event !== "SIGINT") Reflect.apply(begin, process, [event, listener]);
  });
}

/** Behind a permission model there is none. */
function watchdog(): Partial<SigintWatchdog> {
  try {
    return (process as unknown as { binding(name: string): Partial<SigintWatchdog> }).binding("contextify");
  } catch {
    return {};
  }
}
