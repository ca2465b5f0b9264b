import { median } from "../statistics.mjs";

function table(heads, rows) {
  return [heads, heads.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
}

const digits = (value) => (value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : value.toFixed(0));
const range = (values) =>
  `${digits(median(values))} (${digits(Math.min(...values))}-${digits(Math.max(...values))})`;
const times = (ours, peer) => peer / ours;
const percent = (value) => `${(100 * value).toFixed(0)} %`;
const gigabytes = (bytes) => `${(bytes / 1e9).toFixed(2)} GB`;

function geometricMean(values) {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

/** A line under a table: the mean and the least over the small nets, and over the others. */
function means(rows) {
  const line = (what, part) => {
    const ratios = part.map(({ ours, keras }) => times(median(ours), median(keras)));
    if (ratios.length === 0) return [];
    return [
      `${what}: ${geometricMean(ratios).toFixed(2)} times as fast (geometric mean), the least ${Math.min(...ratios).toFixed(2)}.`,
    ];
  };
  return [
    "",
    ...line(
      "Small nets",
      rows.filter(({ small }) => small),
    ),
    ...line(
      "Deep nets",
      rows.filter(({ small }) => !small),
    ),
  ];
}

/** Training (or extracting features) beside Keras and beside the kernels alone, the floor. */
export function fitTable(rows) {
  const heads = ["net", "batch", "Convoscope, ms a step", "Keras fit", "times as fast"];
  const cells = rows.map(({ title, batch, ours, keras, floor }) => [
    ...[title, batch, range(ours), range(keras), times(median(ours), median(keras)).toFixed(2)],
    ...[range(floor), percent(median(floor) / median(ours)), percent(median(floor) / median(keras))],
  ]);
  return [
    ...table([...heads, "convolutions and products alone", "of our step", "of Keras' step"], cells),
    ...means(rows),
  ];
}

/** Predicting beside a Keras model inside a tf.function. */
export function predictTable(rows) {
  const heads = ["net", "batch", "Convoscope predict, ms a batch", "Keras in tf.function", "times as fast"];
  const cells = rows.map(({ title, batch, ours, keras }) => [
    ...[title, batch, range(ours), range(keras), times(median(ours), median(keras)).toFixed(2)],
  ]);
  return [...table(heads, cells), ...means(rows)];
}

/** Process start to first step, and memory. */
export function startTable(rows) {
  const both = (show, key) => (row) => `${show(row.ours[key])}, ${show(row.keras[key])}`;
  const seconds = (value) => `${value.toFixed(2)} s`;
  const columns = [
    ["import", both(seconds, "imported")],
    ["first step", both(seconds, "first")],
    ["second step", both(seconds, "second")],
    ["start to end of first step", both(seconds, "total")],
    ["ratio", ({ ours, keras }) => (ours.total / keras.total).toFixed(2)],
    ["peak memory", both(gigabytes, "peak")],
  ];
  const heads = ["net (Convoscope, Keras)", "batch", ...columns.map(([head]) => head)];
  return table(
    heads,
    rows.map((row) => [row.title, row.batch, ...columns.map(([, show]) => show(row))]),
  );
}

/** What callbacks that do nothing cost; those of each batch besides that steps are calls of their own. */
export function callbackTable(rows) {
  const heads = [
    "net",
    "batch",
    "callbacks: [], ms a step",
    "two hooks an epoch",
    "ratio",
    "a batch",
    "ratio",
  ];
  const ratio = (times, none) => (median(times) / median(none)).toFixed(3);
  return table(
    heads,
    rows.map(({ title, batch, none, watched, each }) => [
      ...[title, batch, range(none), range(watched), ratio(watched, none), range(each), ratio(each, none)],
    ]),
  );
}
