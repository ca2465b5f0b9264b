/** The middle of some numbers. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** `ours 1.20 s, Keras 2.40 s: ratio 0.50` with the range of each. */
export function compare(title, unit, ours, peerName, peer) {
  const show = (values) =>
    `${median(values).toFixed(2)} ${unit} (${Math.min(...values).toFixed(2)}-${Math.max(...values).toFixed(2)})`;
  return `${title}: Convoscope ${show(ours)}, ${peerName} ${show(peer)}, ratio ${(median(ours) / median(peer)).toFixed(2)}`;
}
