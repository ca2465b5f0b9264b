const units: [name: string, seconds: number][] = [
  ["s", 1],
  ["ms", 1e-3],
  ["µs", 1e-6],
  ["ns", 1e-9],
];

/** A span of time with three digits that count: `1.23 ms`, `45.6 ns`, `2 min 5 s`. */
export function formatTime(seconds: number): string {
  if (seconds >= 60) return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
  const [name, size] = units.find(([, least]) => seconds >= least) ?? units.at(-1)!;
  return `${Number((seconds / size).toPrecision(3))} ${name}`;
}
