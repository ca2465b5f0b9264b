const numbers = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const;

/** The user's wish to stop. */
export interface Stop {
  /** Aborted by the first signal. */
  signal: AbortSignal;
  /** The exit code that a shell expects after a signal; undefined as long as none came. */
  readonly exitCode: number | undefined;
  /** Leaves signals to Node again. */
  dispose(): void;
}

/** Turns Ctrl-C and requests to end into an AbortSignal, so that work can end tidily; a second one ends the process at once. */
export function listenForStop(): Stop {
  const controller = new AbortController();
  let exitCode: number | undefined;
  const stop = (name: NodeJS.Signals): void => {
    if (exitCode !== undefined) process.exit(exitCode);
    exitCode = 128 + (numbers[name as keyof typeof numbers] ?? 0);
    controller.abort();
  };
  const names = Object.keys(numbers) as (keyof typeof numbers)[];
  for (const name of names) process.on(name, stop);
  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode;
    },
    dispose: () => names.forEach((name) => process.off(name, stop)),
  };
}
