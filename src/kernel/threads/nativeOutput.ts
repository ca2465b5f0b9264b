import { fstatSync, writeSync } from "node:fs";
import { Socket } from "node:net";
import koffi from "koffi";

type Name = "stdout" | "stderr";

/** What is written to the descriptors 1 and 2 by those who do not ask JavaScript: child processes and native libraries. */
export interface NativeOutput {
  /** Hands on what was written by now, so that what follows it comes after it. */
  drain: () => void;
  /** Writes to what was the standard error stream before. */
  log: (line: string) => void;
}

const numbers = { stdout: 1, stderr: 2 };

/** The numbers of fcntl's commands are the same wherever this runs, but for the size of a pipe, which only Linux can change. */
const setDescriptorFlags = 2;
const closeOnExec = 1;
const setPipeSize = 1031;
const smallestPipe = 4096;

/** How Node says that it is about to abort. */
const fatal = /^FATAL ERROR: .*/m;

const bufferBytes = 1 << 16;

/**
 * Lets the process' own descriptors 1 and 2 lead into pipes, and gives `sink` what comes out of them. Called on a thread that no
 * cell keeps busy: who writes waits once a pipe is full. `onFatal` is told why Node is about to end the process, which then hangs
 * in the writing of its report, and is to be ended. Does nothing on Windows.
 */
export function captureNativeOutput(
  sink: (name: Name, text: string) => void,
  onFatal: (reason: string) => void,
): NativeOutput {
  if (process.platform === "win32")
    return { drain: () => undefined, log: (line) => void writeSync(numbers.stderr, line) };
  const libc = koffi.load(null);
  const pipe = libc.func("int pipe(_Out_ int *descriptors)");
  const dup = libc.func("int dup(int descriptor)") as (descriptor: number) => number;
  const dup2 = libc.func("int dup2(int from, int to)");
  const fcntl = libc.func("int fcntl(int descriptor, int command, ...)");
  const close = libc.func("int close(int descriptor)");
  const read = libc.func("intptr_t read(int descriptor, void *buffer, size_t bytes)") as (
    descriptor: number,
    buffer: Uint8Array,
    bytes: number,
  ) => number;

  const original = dup(numbers.stderr);
  fcntl(original, setDescriptorFlags, "int", closeOnExec);
  const buffer = new Uint8Array(bufferBytes);
  const drains = (["stdout", "stderr"] as const).map((name) => {
    const ends = [0, 0];
    pipe(ends);
    const [reading, writing] = ends as [number, number];
    fcntl(reading, setDescriptorFlags, "int", closeOnExec);
    dup2(writing, numbers[name]);
    close(writing);
    const decoder = new TextDecoder();
    let ending = false;
    const take = (bytes: Uint8Array): void => {
      const text = decoder.decode(bytes, { stream: true });
      if (text !== "") sink(name, text);
      const reason = fatal.exec(text);
      if (reason === null) return;
      // What nobody reads soon keeps the writer waiting, and with it the end.
      ending = true;
      socket.pause();
      fcntl(reading, setPipeSize, "int", smallestPipe);
      onFatal(reason[0]);
    };
    // From here on a read from the pipe does not wait.
    const socket = new Socket({ fd: reading, readable: true, writable: false });
    socket.on("data", take);
    socket.unref();
    return () => {
      while (!ending) {
        const bytes = read(reading, buffer, bufferBytes);
        if (bytes <= 0) return;
        take(buffer.subarray(0, bytes));
      }
    };
  });
  return {
    drain: () => drains.forEach((drain) => drain()),
    log: (line) => void (isOpen(original) && writeSync(original, line)),
  };
}

/** A kernel that a program has started may have none. */
function isOpen(descriptor: number): boolean {
  try {
    fstatSync(descriptor);
    return true;
  } catch {
    return false;
  }
}
