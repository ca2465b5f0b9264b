/** The middle of some numbers. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** `1.20 s (1.10-1.40)`: the median, the least and the most. */
export function spread(values, unit, digits = 2) {
  const show = (value) => value.toFixed(digits);
  return `${show(median(values))}${unit} (${show(Math.min(...values))}-${show(Math.max(...values))})`;
}

/** `ours 1.20 s, Keras 2.40 s: ratio 0.50` with the range of each. */
export function compare(title, unit, ours, peerName, peer) {
  const show = (values) => spread(values, ` ${unit}`);
  return `${title}: Convoscope ${show(ours)}, ${peerName} ${show(peer)}, ratio ${(median(ours) / median(peer)).toFixed(2)}`;
}
