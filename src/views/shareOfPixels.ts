/** How much room a layer wants: numbers of one channel, and how many channels. */
export interface Demand {
  numbers: number;
  channels: number;
}

/**
 * How many channels of each layer are drawn, so that all together have no more numbers than the budget. Layers get equal shares of it;
 * what a small one does not need is shared among the others. At least one channel of each stays.
 */
export function shareOfPixels(layers: readonly Demand[], budget: number): number[] {
  const need = layers.map(({ numbers, channels }) => numbers * channels);
  const order = need.map((_, i) => i).sort((a, b) => need[a]! - need[b]!);
  const share = new Array<number>(layers.length);
  let left = budget;
  order.forEach((index, done) => {
    share[index] = Math.min(need[index]!, left / (order.length - done));
    left -= share[index];
  });
  return layers.map(({ numbers, channels }, i) =>
    Math.min(channels, Math.max(1, Math.floor(share[i]! / numbers))),
  );
}
