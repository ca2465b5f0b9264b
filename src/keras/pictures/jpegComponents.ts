/** Markers of frames, which say how many components there are: all SOFn but those that are tables (ITU-T T.81, table B.1). */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

/** How many components a JPEG file has (1 grey, 3 colour, 4 print), by its header; 0 when it is none, or cut short. */
export function jpegComponents(bytes: Uint8Array): number {
  const { length } = bytes;
  if (length < 4 || bytes[0] !== 0xff || bytes[1] !== 0xd8) return 0;
  if (bytes[length - 2] !== 0xff || bytes[length - 1] !== 0xd9) return 0;
  for (let at = 2; at + 9 < length && bytes[at] === 0xff;) {
    const marker = bytes[at + 1]!;
    if (isFrame(marker)) return bytes[at + 9]!;
    // A marker may be preceded by any number of filling bytes.
    at += marker === 0xff ? 1 : 2 + bytes[at + 2]! * 256 + bytes[at + 3]!;
  }
  return 0;
}

/** Whether a file is a JPEG that every decoder takes for the same colours: grey or colour, and whole. */
export function isPlainJpeg(bytes: Uint8Array): boolean {
  return [1, 3].includes(jpegComponents(bytes));
}
