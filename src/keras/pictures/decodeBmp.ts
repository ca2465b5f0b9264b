import type { Picture } from "./decodePicture.ts";

/** How the values of a pixel are found in its number: a mask for each channel. */
type Masks = readonly number[];

/** Whether a file is a Windows bitmap, by its first bytes. */
export function isBmp(bytes: Uint8Array): boolean {
  return bytes.length > 26 && bytes[0] === 0x42 && bytes[1] === 0x4d;
}

/** What a header says; the older kind, of 12 bytes, has smaller numbers and no masks. */
function readHeader(view: DataView) {
  const size = view.getUint32(14, true);
  if (size < 40) {
    const [width, height, bits] = [18, 20, 24].map((at) => view.getUint16(at, true)) as [
      number,
      number,
      number,
    ];
    return { size, width, height, bits, compression: 0, entry: 3 };
  }
  const [width, height] = [18, 22].map((at) => view.getInt32(at, true)) as [number, number];
  return {
    size,
    width,
    height,
    bits: view.getUint16(28, true),
    compression: view.getUint32(30, true),
    entry: 4,
  };
}

/** Masks of red, green, blue and, where there is one, of opacity. */
function masksOf(view: DataView, { size, bits, compression }: ReturnType<typeof readHeader>): Masks {
  const stored = compression === 3 || compression === 6;
  if (!stored) return bits === 16 ? [0x7c00, 0x3e0, 0x1f] : [0xff0000, 0xff00, 0xff];
  const count = size >= 56 || compression === 6 ? 4 : 3;
  const masks = Array.from({ length: count }, (_, index) => view.getUint32(54 + 4 * index, true));
  return masks[3] === 0 ? masks.slice(0, 3) : masks;
}

/** A channel's level, from 0 to 255, of fewer bits rounded down as in Pillow. */
function levelsOf(mask: number): (pixel: number) => number {
  const shift = mask === 0 ? 0 : 31 - Math.clz32(mask & -mask);
  const most = mask >>> shift;
  return (pixel) => (most === 0 ? 0 : Math.floor((((pixel & mask) >>> shift) * 255) / most));
}

/**
 * Decodes a Windows bitmap, which Keras reads and sharp does not: 1, 4 and 8 bits with a palette, 16, 24 and 32 without.
 *
 * @throws Error for one that is cut short, or compressed
 */
export function decodeBmp(bytes: Uint8Array): Picture {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = readHeader(view);
  const { size, width, bits, compression, entry } = header;
  if (![1, 4, 8, 16, 24, 32].includes(bits) || ![0, 3, 6].includes(compression)) {
    throw new Error(`a bitmap of ${bits} bits with compression ${compression}`);
  }
  const height = Math.abs(header.height);
  const start = view.getUint32(10, true);
  const stride = Math.floor((width * bits + 31) / 32) * 4;
  if (width < 1 || height < 1 || start + stride * height > bytes.length) throw new Error("cut short");
  const masks = masksOf(view, header);
  const levels = masks.map(levelsOf);
  const palette = 14 + size;
  const colourAt = (index: number) => palette + entry * index;
  const data = new Uint8Array(height * width * masks.length);
  let to = 0;
  for (let row = 0; row < height; row++) {
    const from = start + stride * (header.height < 0 ? row : height - 1 - row);
    for (let column = 0; column < width; column++) {
      const at = from + ((column * bits) >> 3);
      if (bits <= 8) {
        const index = (bytes[at]! >> (8 - bits - ((column * bits) & 7))) & ((1 << bits) - 1);
        for (let channel = 2; channel >= 0; channel--) data[to++] = bytes[colourAt(index) + channel]!;
      } else {
        const pixel =
          bytes[at]! |
          (bytes[at + 1]! << 8) |
          (bits > 16 ? bytes[at + 2]! << 16 : 0) |
          (bits > 24 ? bytes[at + 3]! << 24 : 0);
        for (const level of levels) data[to++] = level(pixel);
      }
    }
  }
  return { data, height, width, channels: masks.length };
}
