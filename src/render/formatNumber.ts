/** A number with three significant digits, as short as it can be: 0.878, 12.5, 1,234 or 1.2e-7. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e7))
    return value.toExponential(1).replace("e+", "e").replaceAll("-", "−");
  const rounded = size >= 100 ? Math.round(value) : Number(value.toPrecision(3));
  return rounded.toLocaleString("en-US", { maximumFractionDigits: 6 }).replace("-", "−");
}

/** A share as a percentage: 97%, 99.6% and 0.4% near the ends, 100% only where it is all. */
export function formatShare(share: number): string {
  if (!Number.isFinite(share)) return "–";
  const percent = share * 100;
  if (percent > 0 && percent < 0.05) return "< 0.1%";
  const isNearEnd = (percent > 0 && percent < 10) || (percent > 98 && percent < 100);
  if (!isNearEnd) return `${String(Math.round(percent))}%`;
  const rounded = Math.min(99.9, Math.round(percent * 10) / 10);
  return `${String(rounded)}%`;
}

/** How many pictures: "1 picture", "10,000 pictures". */
export function countPictures(count: number): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? "picture" : "pictures"}`;
}
