/** The numbers 0 to `length - 1`. */
export function inOrder(length: number): Int32Array {
  return Int32Array.from({ length }, (_, index) => index);
}

/** The numbers 0 to `length - 1` in random order (Fisher-Yates), drawn from `random`, which gives values in [0, 1). */
export function permutation(length: number, random: () => number): Int32Array {
  const order = inOrder(length);
  for (let last = length - 1; last > 0; last--) {
    const chosen = Math.floor(random() * (last + 1));
    [order[last], order[chosen]] = [order[chosen]!, order[last]!];
  }
  return order;
}
