/** Node's warnings about features that the kernel relies on, which no user asked for. */
const expected = [/vm\.USE_MAIN_CONTEXT_DEFAULT_LOADER/, /Importing JSON modules/, /`?--experimental-loader/];

/** Keeps Node from printing its warnings about experiments that are the kernel's and not the user's. */
export function quietWarnings(): void {
  const emit = process.emit.bind(process) as (event: string, ...rest: unknown[]) => boolean;
  process.emit = ((event: string, ...rest: unknown[]) => {
    const [warning] = rest;
    if (event === "warning" && warning instanceof Error && warning.name === "ExperimentalWarning") {
      if (expected.some((pattern) => pattern.test(warning.message))) return false;
    }
    return emit(event, ...rest);
  }) as typeof process.emit;
}
