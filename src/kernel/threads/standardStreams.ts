import { writeSync } from "node:fs";
import { Writable } from "node:stream";

const descriptors = { stdout: 1, stderr: 2 };

/**
 * Gives the process standard streams that write to their descriptors and wait, as files do. Node's own set a pipe or a socket to
 * non-blocking, for everybody who has it, and they come to life with the first worker: the program that has started the kernel
 * would lose what it writes to its own standard error stream, as soon as that is read slower than written.
 */
export function replaceStandardStreams(): void {
  for (const [name, descriptor] of Object.entries(descriptors)) {
    const stream = new Writable({
      decodeStrings: false,
      write(chunk: string | Uint8Array, encoding, done) {
        if (typeof chunk === "string") writeSync(descriptor, chunk, null, encoding);
        else writeSync(descriptor, chunk);
        done();
      },
    });
    Object.defineProperty(process, name, {
      value: Object.assign(stream, { fd: descriptor }),
      configurable: true,
      enumerable: true,
      writable: true,
    });
  }
}
