import { constants, crc32, deflateSync } from "node:zlib";

/** Pixels as they go into a PNG: indices into a palette, grey values or red-green-blue triples, rows from the top. */
export interface Pixels {
  width: number;
  height: number;
  data: Uint8Array;
  /** Red, green, blue of each index; with a palette `channels` is 1. */
  palette?: Uint8Array;
  /** 1 (default): indices or grey; 3: colour. */
  channels?: 1 | 3;
}

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const colorType = { gray: 0, rgb: 2, indexed: 3 } as const;
const filterNone = 0;
const filterUp = 2;

/**
 * Encodes pixels as PNG (8 bits a sample). With a palette the colour map costs nothing, since it travels as a table; a row
 * equal to the one above it, as upscaled pictures have them, is written as zeros, which costs next to nothing either.
 */
export function encodePng({ width, height, data, palette, channels = 1 }: Pixels): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  header[9] = palette !== undefined ? colorType.indexed : channels === 3 ? colorType.rgb : colorType.gray;

  // Grids of maps have little that repeats but runs, which the run-length strategy finds at a third of the cost.
  const strategy = palette === undefined ? constants.Z_DEFAULT_STRATEGY : constants.Z_RLE;
  const packed = deflateSync(filterRows(data, width * channels, height), { level: 1, memLevel: 9, strategy });
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    ...(palette === undefined ? [] : [chunk("PLTE", palette)]),
    chunk("IDAT", packed),
    chunk("IEND", new Uint8Array()),
  ]);
}

function filterRows(data: Uint8Array, rowBytes: number, height: number): Uint8Array {
  const source = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const rows = Buffer.alloc((rowBytes + 1) * height);
  for (let y = 0; y < height; y++) {
    const from = y * rowBytes;
    const to = y * (rowBytes + 1);
    const repeats = y > 0 && source.compare(source, from - rowBytes, from, from, from + rowBytes) === 0;
    rows[to] = repeats ? filterUp : filterNone;
    if (!repeats) source.copy(rows, to + 1, from, from + rowBytes);
  }
  return rows;
}

function chunk(type: string, content: Uint8Array): Buffer {
  const bytes = Buffer.alloc(12 + content.length);
  bytes.writeUInt32BE(content.length, 0);
  bytes.write(type, 4, "latin1");
  bytes.set(content, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + content.length)), 8 + content.length);
  return bytes;
}
