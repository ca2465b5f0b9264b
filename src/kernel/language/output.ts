/** Takes what is written to a standard stream. */
export type Sink = (name: "stdout" | "stderr", text: string) => void;

/**
 * Sends what the process writes to its standard streams, and with it what `console` prints, to `sink`. Returns a function that
 * takes this back.
 */
export function captureOutput(sink: Sink): () => void {
  const releases = (["stdout", "stderr"] as const).map((name) => {
    const decoder = new TextDecoder();
    const stream = process[name];
    const original = stream.write.bind(stream);
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
    return () => void (stream.write = original);
  });
  return () => releases.forEach((release) => release());
}
