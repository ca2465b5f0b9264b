/** How pictures of a dataset are resized; the names are Keras'. */
export type DatasetInterpolation = keyof typeof methods;

/** The source samples that one target sample is made of: the first, and the weight of it and of those that follow. */
interface Span {
  start: number;
  weights: number[];
}

/** For target sample `i` of a side that is resized from `source` samples to `source / scale`. */
type Method = (i: number, scale: number, source: number) => Span;

/** A filter that weighs neighbours up to a distance. */
interface Kernel {
  radius: number;
  weigh: (distance: number) => number;
}

const clamp = (index: number, source: number) => Math.min(Math.max(index, 0), source - 1);

function normalized({ start, weights }: Span): Span {
  const sum = weights.reduce((a, b) => a + b, 0);
  return { start, weights: weights.map((weight) => weight / sum) };
}

/** A kernel's weights about a point; what lies beyond the border does not count. */
function weighAbout(centre: number, { radius, weigh }: Kernel, source: number): Span {
  const start = clamp(Math.ceil(centre - radius - 0.5), source);
  const end = clamp(Math.floor(centre + radius - 0.5), source);
  const weights = Array.from({ length: end - start + 1 }, (_, k) =>
    weigh(Math.abs(start + k + 0.5 - centre)),
  );
  return normalized({ start, weights });
}

/** TensorFlow's ScaleAndTranslate without antialiasing. */
const kernelMethod =
  (kernel: Kernel): Method =>
  (i, scale, source) =>
    weighAbout((i + 0.5) * scale, kernel, source);

/** TensorFlow's ResizeBicubic knows its kernel at so many places between two samples. */
const cubicSteps = 1024;

const lanczos = (radius: number): Kernel => ({
  radius,
  weigh(x) {
    if (x > radius) return 0;
    return x <= 1e-3
      ? 1
      : (radius * Math.sin(Math.PI * x) * Math.sin((Math.PI * x) / radius)) / (Math.PI * x) ** 2;
  },
});

/** Keys' cubic (1981) with a = -1/2. */
const keysCubic: Kernel = {
  radius: 2,
  weigh(x) {
    if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
    return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
  },
};

/** The ways of `tf.image.resize` without antialiasing, with half-pixel centres. */
const methods = {
  nearest: (i, scale, source) => ({ start: clamp(Math.floor((i + 0.5) * scale), source), weights: [1] }),
  bilinear(i, scale, source) {
    const at = (i + 0.5) * scale - 0.5;
    const start = clamp(Math.floor(at), source);
    const share = at - Math.floor(at);
    return { start, weights: start === clamp(Math.ceil(at), source) ? [1] : [1 - share, share] };
  },
  bicubic(i, scale, source) {
    const at = (i + 0.5) * scale - 0.5;
    return weighAbout(Math.round(at * cubicSteps) / cubicSteps + 0.5, keysCubic, source);
  },
  area(i, scale, source) {
    const [from, to] = [i * scale, (i + 1) * scale];
    const start = Math.floor(from);
    const end = Math.min(Math.ceil(to), source);
    const weights = Array.from({ length: Math.max(end - start, 1) }, (_, k) => {
      return Math.min(start + k + 1, to) - Math.max(start + k, from);
    });
    return normalized({ start, weights });
  },
  lanczos3: kernelMethod(lanczos(3)),
  lanczos5: kernelMethod(lanczos(5)),
  gaussian: kernelMethod({ radius: 1.5, weigh: (x) => (x >= 1.5 ? 0 : Math.exp(-2 * x * x)) }),
  /** Mitchell and Netravali (1988), B = C = 1/3. */
  mitchellcubic: kernelMethod({
    radius: 2,
    weigh(x) {
      if (x < 1) return ((7 / 6) * x - 2) * x * x + 16 / 18;
      return x < 2 ? (((-7 / 18) * x + 2) * x - 10 / 3) * x + 16 / 9 : 0;
    },
  }),
} as const satisfies Record<string, Method>;

export const datasetInterpolations: readonly string[] = Object.keys(methods);

/** For each of `target` samples the part of `source` samples that it is made of. */
export function spanWeights(interpolation: DatasetInterpolation, source: number, target: number): Span[] {
  const scale = source / target;
  return Array.from({ length: target }, (_, i) => methods[interpolation](i, scale, source));
}
