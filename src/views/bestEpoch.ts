/** Which epoch was the best one by a metric. */
export interface BestEpoch {
  monitor: string;
  mode: "min" | "max";
  /** Counted from 1, as on the axis. */
  epoch: number;
  value: number;
}

/**
 * The first epoch with the best value, NaN never being best. Higher is better for accuracies, AUC and F-measures, else lower: the
 * rule of Keras' mode "auto". `undefined` when there is no number at all.
 */
export function findBestEpoch(monitor: string, values: readonly number[]): BestEpoch | undefined {
  const mode = /acc|auc|^fmeasure/.test(monitor.toLowerCase()) ? "max" : "min";
  let best: BestEpoch | undefined;
  values.forEach((value, index) => {
    if (!Number.isFinite(value)) return;
    if (best === undefined || (mode === "max" ? value > best.value : value < best.value)) {
      best = { monitor, mode, epoch: index + 1, value };
    }
  });
  return best;
}
