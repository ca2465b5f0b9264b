const units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB"] as const;

/** A number of bytes for people: "512 bytes", "1.5 GiB". */
export function byteSize(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), units.length - 1);
  const amount = bytes / 1024 ** power;
  return `${power === 0 ? String(bytes) : amount.toFixed(1)} ${units[power]!}`;
}
