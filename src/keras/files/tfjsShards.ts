import { randomUUID } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { open, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { InputError } from "../../errors.ts";
import { tf } from "../../tensorflow/tf.ts";
import type { NamedWeight } from "./modelWeights.ts";
import { toFloat32, type NumberArray } from "./numbers.ts";
import type { WeightSource } from "./weight.ts";

type Spec = tf.io.WeightsManifestEntry;

/** The files of a group of weights, in the order of their bytes, and what these are. */
export interface Manifest {
  paths: string[];
  weights: Spec[];
}

/** A file of weights is at most so long, as a browser fetches several at once. */
const shardBytes = 4 << 20;

const arrayOf: Record<string, new (buffer: ArrayBuffer) => NumberArray> = {
  float32: Float32Array,
  int32: Int32Array,
  uint16: Uint16Array,
  float16: Uint16Array,
  uint8: Uint8Array,
  bool: Uint8Array,
};

/** A file of weights, and which bytes of its group it holds. */
interface Shard {
  path: string;
  start: number;
  length: number;
}

async function shardsOf(paths: string[], directory: string, who: string): Promise<Shard[]> {
  let start = 0;
  const shards: Shard[] = [];
  for (const name of paths) {
    const path = join(directory, name);
    const length = (await stat(path).catch(() => undefined))?.size;
    if (length === undefined)
      throw new InputError({ who, expected: "a file of weights", found: `no such file: ${path}` });
    shards.push({ path, start, length });
    start += length;
  }
  return shards;
}

function readBytes(shards: readonly Shard[], start: number, length: number): ArrayBuffer {
  const bytes = new Uint8Array(length);
  for (const shard of shards) {
    const from = Math.max(start, shard.start);
    const to = Math.min(start + length, shard.start + shard.length);
    if (from >= to) continue;
    const file = openSync(shard.path, "r");
    try {
      readSync(file, bytes, from - start, to - from, from - shard.start);
    } finally {
      closeSync(file);
    }
  }
  return bytes.buffer;
}

function weightOf(
  spec: Spec,
  shards: readonly Shard[],
  start: number,
  length: number,
): NamedWeight["weight"] {
  const { quantization, shape } = spec;
  const stored = quantization?.dtype ?? spec.dtype;
  return {
    shape,
    mayFail: false,
    read() {
      const numbers = new arrayOf[stored]!(readBytes(shards, start, length));
      const values = toFloat32(numbers, stored === "float16" ? "float16" : undefined);
      const { scale, min } = quantization ?? {};
      return scale === undefined ? values : values.map((value) => value * scale + min!);
    },
  };
}

/** The weights of a model, and those of its optimizer. */
export async function readManifest(
  manifest: Manifest[],
  path: string,
  who: string,
): Promise<{ weights: NamedWeight[]; optimizer: NamedWeight[] }> {
  const [weights, optimizer]: [NamedWeight[], NamedWeight[]] = [[], []];
  for (const { paths, weights: specs } of manifest) {
    const shards = await shardsOf(paths, dirname(path), who);
    const available = shards.reduce((sum, { length }) => sum + length, 0);
    let start = 0;
    for (const spec of specs) {
      const array = arrayOf[spec.quantization?.dtype ?? spec.dtype];
      if (array === undefined) {
        throw new InputError({
          who,
          expected: "weights of numbers",
          found: `${spec.name} of ${spec.dtype} in ${path}`,
        });
      }
      const { BYTES_PER_ELEMENT: size } = array as unknown as { BYTES_PER_ELEMENT: number };
      const length = tf.util.sizeFromShape(spec.shape) * size;
      const list = spec.group === "optimizer" ? optimizer : weights;
      list.push({ name: spec.name, weight: weightOf(spec, shards, start, length) });
      start += length;
    }
    if (start > available) {
      const found = `${paths.join(", ")} beside ${path}, cut short: ${available} of ${start} bytes`;
      throw new InputError({
        who,
        expected: "whole files of weights",
        found,
        fix: "copy or download them again",
      });
    }
  }
  return { weights, optimizer };
}

/** A weight that is to be written. */
export interface Written {
  spec: Spec;
  source: WeightSource;
}

/** Writes weights one after the other into files of equal length, and returns their names, not yet the final ones. */
export async function writeShards(
  directory: string,
  written: readonly Written[],
): Promise<[temporary: string, name: string][]> {
  const bytes = written.reduce((sum, { spec }) => sum + 4 * tf.util.sizeFromShape(spec.shape), 0);
  const count = Math.max(1, Math.ceil(bytes / shardBytes));
  const mark = randomUUID().slice(0, 8);
  const names = Array.from({ length: count }, (_, index): [string, string] => {
    const name = `group1-shard${index + 1}of${count}.bin`;
    return [join(directory, `.${name}.${mark}`), join(directory, name)];
  });
  let file = await open(names[0]![0], "w");
  let [index, room] = [0, shardBytes];
  try {
    for (const { source } of written) {
      for await (const piece of source.pieces()) {
        let rest = new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength);
        while (rest.length > 0) {
          if (room === 0) {
            await file.close();
            file = await open(names[++index]![0], "w");
            room = shardBytes;
          }
          const part = rest.subarray(0, room);
          await file.write(part);
          room -= part.length;
          rest = rest.subarray(part.length);
        }
      }
    }
    return names;
  } catch (error) {
    await Promise.all(names.map(([temporary]) => rm(temporary, { force: true })));
    throw error;
  } finally {
    await file.close();
  }
}
