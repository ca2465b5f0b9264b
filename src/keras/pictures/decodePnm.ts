import type { Picture } from "./decodePicture.ts";

const kinds: Record<string, { channels: number; text: boolean }> = {
  P2: { channels: 1, text: true },
  P3: { channels: 3, text: true },
  P5: { channels: 1, text: false },
  P6: { channels: 3, text: false },
};

const kindOf = (bytes: Uint8Array) => kinds[Buffer.from(bytes.subarray(0, 2)).toString("latin1")];

/** Whether a file is a portable grey or colour picture (PGM, PPM), by its first bytes. */
export function isPnm(bytes: Uint8Array): boolean {
  return kindOf(bytes) !== undefined && /\s/.test(String.fromCharCode(bytes[2] ?? 0));
}

/** The next whole number, after blanks and remarks, and where it ends. */
function readNumber(bytes: Uint8Array, from: number): [value: number, end: number] {
  let at = from;
  for (let remark = false; at < bytes.length; at++) {
    if (bytes[at] === 0x23) remark = true;
    else if (bytes[at] === 0x0a || bytes[at] === 0x0d) remark = false;
    else if (!remark && bytes[at]! > 0x20) break;
  }
  let end = at;
  let value = 0;
  while (end < bytes.length && bytes[end]! >= 0x30 && bytes[end]! <= 0x39)
    value = value * 10 + bytes[end++]! - 0x30;
  if (end === at) throw new Error("cut short");
  return [value, end];
}

/** Numbers to the nearest even one, as Python rounds. */
function round(value: number): number {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}

/**
 * Decodes a portable grey or colour picture, which Keras reads and sharp does not; levels become 0 to 255.
 *
 * @throws Error for one that is cut short
 */
export function decodePnm(bytes: Uint8Array): Picture {
  const { channels, text } = kindOf(bytes)!;
  let at = 2;
  const [width, height, most] = Array.from({ length: 3 }, () => {
    const [value, end] = readNumber(bytes, at);
    at = end;
    return value;
  }) as [number, number, number];
  const data = new Uint8Array(height * width * channels);
  const each = most > 255 ? 2 : 1;
  if (!text && at + 1 + data.length * each > bytes.length) throw new Error("cut short");
  for (let index = 0; index < data.length; index++) {
    let value: number;
    if (text) [value, at] = readNumber(bytes, at);
    else {
      const from = at + 1 + index * each;
      value = each === 2 ? bytes[from]! * 256 + bytes[from + 1]! : bytes[from]!;
    }
    data[index] = most === 255 ? value : Math.min(255, round((value / most) * 255));
  }
  return { data, height, width, channels };
}
