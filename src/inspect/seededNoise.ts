import seedrandom from "seedrandom";

/**
 * Random numbers of a seed, drawn one after the other: `uniform` in [0, 1), and `normal` with mean 0 and deviation 1, by Box and
 * Muller's formula. Of millions of them, `tf.randomNormal` with a seed takes ten times as long.
 */
export interface SeededNoise {
  uniform: () => number;
  normal: (count: number) => Float32Array;
}

export function seededNoise(seed: number): SeededNoise {
  const uniform = seedrandom.alea(String(seed));
  return {
    uniform: () => uniform(),
    normal(count) {
      const numbers = new Float32Array(count);
      for (let i = 0; i < count; i += 2) {
        const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
        const angle = 2 * Math.PI * uniform();
        numbers[i] = radius * Math.cos(angle);
        if (i + 1 < count) numbers[i + 1] = radius * Math.sin(angle);
      }
      return numbers;
    },
  };
}
