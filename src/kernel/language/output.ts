/** Takes what is written to a standard stream. */
export type Sink = (name: "stdout" | "stderr", text: string) => void;

/**
 * Sends what the process writes to its standard streams, and with it what `console` prints, to `sink`. Returns functions that
 * still write to the real ones.
 */
export function captureOutput(sink: Sink): { stderr: (text: string) => void } {
  const writeError = process.stderr.write.bind(process.stderr);
  for (const name of ["stdout", "stderr"] as const) {
    const decoder = new TextDecoder();
    const stream = process[name];
    // The signature of write has an encoding that may be left out before its callback.
    const write = (
      chunk: Uint8Array | string,
      encoding?: BufferEncoding | (() => void),
      done?: () => void,
    ): boolean => {
      sink(name, typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true }));
      const callback = typeof encoding === "function" ? encoding : done;
      if (callback) process.nextTick(callback);
      return true;
    };
    stream.write = write;
  }
  return { stderr: (text) => void writeError(text) };
}
