/** Part of the data, from and to as fractions. In Keras validation takes the first part. */
export function splitOf(
  subset: "training" | "validation" | undefined,
  validationSplit: number,
): readonly [number, number] {
  if (subset === undefined) return [0, 1];
  return subset === "validation" ? [0, validationSplit] : [validationSplit, 1];
}
