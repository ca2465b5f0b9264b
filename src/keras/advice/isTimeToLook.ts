const times = new WeakMap<object, number>();

/**
 * Whether to look at what passes by now: the first time, the second, the fourth, the eighth … for each subject, so that looking
 * costs nothing in the long run.
 */
export function isTimeToLook(subject: object): boolean {
  const time = (times.get(subject) ?? 0) + 1;
  times.set(subject, time);
  return Number.isInteger(Math.log2(time));
}
