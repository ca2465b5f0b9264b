/** Thrown where a cell calls `process.exit`, so that nothing behind the call runs while the kernel says goodbye. */
class ProcessExit extends Error {
  override readonly name = "ProcessExit";
  readonly code: number;

  constructor(code: number) {
    super(`process.exit(${code}) was called: the kernel ends`);
    this.code = code;
  }
}

/**
 * Lets `process.exit` call `end` instead of leaving at once, which would lose what was printed and tear down the thread of
 * the sockets in the middle of its work. Returns a function that takes this back.
 */
export function deferExit(end: (code: number) => void): () => void {
  const exit = process.exit.bind(process);
  process.exit = (code) => {
    const number = Number(code ?? process.exitCode ?? 0);
    end(number);
    throw new ProcessExit(number);
  };
  return () => void (process.exit = exit);
}
