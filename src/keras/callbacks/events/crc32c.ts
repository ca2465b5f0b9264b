const polynomial = 0x82f63b78;

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1;
  return value;
});

/** The CRC-32C checksum (Castagnoli; RFC 3720, appendix B.4), which Node's zlib has not. */
export function crc32c(content: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of content) value = table[(value ^ byte) & 255]! ^ (value >>> 8);
  return ~value >>> 0;
}
