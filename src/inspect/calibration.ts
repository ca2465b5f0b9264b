/** The pictures whose confidence lies in one part of the scale. */
export interface CalibrationBin {
  from: number;
  to: number;
  count: number;
  /** The mean probability of the predicted class; NaN in an empty bin. */
  confidence: number;
  /** The share that is predicted right; NaN in an empty bin. */
  accuracy: number;
}

/** How far a network's confidence is from how often it is right. */
export interface Calibration {
  bins: CalibrationBin[];
  /** The expected calibration error: the mean distance of confidence and accuracy, bins weighted by their pictures. */
  ece: number;
  /** The largest distance of any bin. */
  mce: number;
}

/**
 * Sorts predictions into bins of equal width by their confidence (Guo et al. 2017, On calibration of modern neural networks). A
 * confidence on the border of two bins counts to the lower one, as there and in scikit-learn's `calibration_curve`.
 */
export function calibrate(
  confidences: ArrayLike<number>,
  right: readonly boolean[],
  bins: number,
): Calibration {
  const sums = Array.from({ length: bins }, () => ({ count: 0, confidence: 0, right: 0 }));
  for (let i = 0; i < confidences.length; i++) {
    const bin = sums[binOf(confidences[i]!, bins)]!;
    bin.count++;
    bin.confidence += confidences[i]!;
    bin.right += Number(right[i]);
  }
  const curve = sums.map(({ count, confidence, right: hits }, i) => ({
    from: i / bins,
    to: (i + 1) / bins,
    count,
    confidence: confidence / count,
    accuracy: hits / count,
  }));
  const gaps = curve
    .filter(({ count }) => count > 0)
    .map((bin) => [bin.count, Math.abs(bin.accuracy - bin.confidence)] as const);
  return {
    bins: curve,
    ece: gaps.reduce((total, [count, gap]) => total + count * gap, 0) / confidences.length,
    mce: Math.max(...gaps.map(([, gap]) => gap)),
  };
}

function binOf(confidence: number, bins: number): number {
  let bin = 0;
  while (bin < bins - 1 && confidence > (bin + 1) / bins) bin++;
  return bin;
}
