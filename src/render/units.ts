const binaryUnits = ["B", "KB", "MB", "GB", "TB"];
const decimalUnits = ["", "k", "M", "G", "T"];

/** Bytes as Keras writes them: `"12.25 MB"`. */
export function bytesToText(bytes: number): string {
  const power = bytes < 1024 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), binaryUnits.length - 1);
  return `${(bytes / 1024 ** power).toFixed(2)} ${binaryUnits[power]!}`;
}

/** How many, in thousands and millions: `"15.5 G"`, `"980"`. */
export function countToText(count: number): string {
  const power = count < 1000 ? 0 : Math.min(Math.floor(Math.log10(count) / 3), decimalUnits.length - 1);
  const scaled = count / 1000 ** power;
  const digits = power === 0 ? 0 : scaled < 10 ? 2 : scaled < 100 ? 1 : 0;
  return `${scaled.toFixed(digits)} ${decimalUnits[power]!}`.trim();
}
