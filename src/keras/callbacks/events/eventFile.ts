import { appendFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { makeDirectory } from "../../../atomicWrite.ts";
import { crc32c } from "./crc32c.ts";
import { bytes, double, message, uint } from "./protobuf.ts";
import type { Summary } from "./summaries.ts";

/** A record of a TFRecord file: length, its checksum, content, its checksum; checksums are turned as TensorFlow does. */
function record(content: Uint8Array): Uint8Array {
  const masked = (part: Uint8Array) => {
    const sum = crc32c(part);
    const checksum = Buffer.alloc(4);
    checksum.writeUInt32LE((((sum >>> 15) | (sum << 17)) + 0xa282ead8) >>> 0);
    return checksum;
  };
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(content.length));
  return Buffer.concat([length, masked(length), content, masked(content)]);
}

const wallTime = () => double(1, Date.now() / 1000);

let made = 0;

/** A file of events for TensorBoard. Each write appends; nothing is held open in between. */
export class EventFile {
  readonly #directory: string;
  readonly #path: string;
  #begun = false;

  /** @param directory where the file is made, at the first write */
  constructor(directory: string) {
    const seconds = String(Math.floor(Date.now() / 1000)).padStart(10, "0");
    this.#directory = directory;
    this.#path = join(directory, `events.out.tfevents.${seconds}.${hostname()}.${process.pid}.${made++}.v2`);
  }

  async write(step: number, summaries: readonly Summary[]): Promise<void> {
    if (summaries.length === 0) return;
    const head: Uint8Array[] = [];
    if (!this.#begun) {
      await makeDirectory(this.#directory);
      head.push(record(Buffer.concat([wallTime(), bytes(3, "brain.Event:2")])));
      this.#begun = true;
    }
    const values = summaries.map((summary) => message(1, summary));
    const event = Buffer.concat([wallTime(), uint(2, step), message(5, ...values)]);
    await appendFile(this.#path, Buffer.concat([...head, record(event)]));
  }
}
