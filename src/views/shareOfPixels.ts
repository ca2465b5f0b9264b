import type { LayerActivations } from "../inspect/activations.ts";

/** A number takes at most a byte of the PNG, so that the one of a network stays below 1.5 MB. */
const pixelBudget = 1_400_000;

/**
 * Which of the wanted channels of each layer are drawn. Layers get equal shares of the budget; what a small one does not need is
 * shared among the others. At least one channel of each stays.
 */
export function shareOfPixels(layers: readonly LayerActivations[], wanted: readonly number[][]): number[][] {
  const need = layers.map(({ height, width }, i) => height * width * wanted[i]!.length);
  const order = need.map((_, i) => i).sort((a, b) => need[a]! - need[b]!);
  const share = new Array<number>(layers.length);
  let left = pixelBudget;
  order.forEach((index, done) => {
    share[index] = Math.min(need[index]!, left / (order.length - done));
    left -= share[index];
  });
  return wanted.map((channels, i) => {
    const { height, width } = layers[i]!;
    return channels.slice(0, Math.max(1, Math.floor(share[i]! / (height * width))));
  });
}
