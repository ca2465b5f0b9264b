import type { StatefulMetric } from "../metrics/statefulMetric.ts";

/** Metrics that nobody knows but the model that was compiled with them. */
const own = new WeakMap<object, StatefulMetric[]>();

/** Has a metric freed with a model, or when the model is compiled anew. */
export function ownMetric(model: object, metric: StatefulMetric): void {
  own.set(model, [...(own.get(model) ?? []), metric]);
}

/** Frees what the metrics of a model's own count in. */
export function freeOwnMetrics(model: object): void {
  for (const metric of own.get(model) ?? []) metric.dispose();
  own.delete(model);
}
