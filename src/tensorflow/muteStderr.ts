import koffi from "koffi";

/**
 * Runs `work` while nothing that C writes to the terminal's error stream is seen. TensorFlow prints several lines while it
 * is loaded, before its own log level has any effect.
 */
export function muteStderr<Result>(work: () => Result): Result {
  if (process.platform === "win32") return work();
  const libc = koffi.load(null);
  const dup = libc.func("int dup(int)") as (descriptor: number) => number;
  const dup2 = libc.func("int dup2(int, int)") as (from: number, to: number) => number;
  const open = libc.func("int open(const char*, int)") as (path: string, flags: number) => number;
  const close = libc.func("int close(int)") as (descriptor: number) => number;

  const writeOnly = 1;
  const nowhere = open("/dev/null", writeOnly);
  const terminal = dup(2);
  dup2(nowhere, 2);
  try {
    return work();
  } finally {
    dup2(terminal, 2);
    close(terminal);
    close(nowhere);
  }
}
