import { snakeCase } from "../files/layerClass.ts";

/** What training reports after a batch or an epoch, under Keras' names: `loss`, `accuracy`, `val_loss`, `val_accuracy`. */
export type Logs = Record<string, number>;

/**
 * Keras' name of a log: `acc` and `valAcc` of TensorFlow.js, or `valAccuracy`, become `accuracy` and `val_accuracy`. Names of
 * outputs before a metric, and names such as `MSE`, stay as the user wrote them.
 */
export function kerasName(name: string): string {
  const prefixed = name.replace(/^val([A-Z])/, (_, letter: string) => `val_${letter.toLowerCase()}`);
  const snake = prefixed.replace(/(?<=^|_)[a-z][a-zA-Z\d]*$/, snakeCase);
  return snake.replace(/(^|_)acc($|_\d+$)/, "$1accuracy$2");
}

/** The other spellings under which a log may be looked for: Keras', TensorFlow.js's and camelCase. */
function otherNames(name: string): string[] {
  const long = kerasName(name);
  const short = long.replace(/(^|_)accuracy($|_\d+$)/, "$1acc$2");
  const camel = (text: string) =>
    text.replace(/^val_([a-z])/, (_, letter: string) => `val${letter.toUpperCase()}`);
  return [long, short, camel(long), camel(short)].filter((other) => other !== name);
}

/**
 * Lets values be read under the other spellings too, which do not show when the names are listed: TensorFlow.js's own callbacks
 * look for `val_acc`.
 */
export function addOtherNames<Value>(values: Record<string, Value>): void {
  for (const [name, value] of Object.entries(values)) {
    for (const other of otherNames(name)) {
      if (!Object.hasOwn(values, other)) Object.defineProperty(values, other, { value, enumerable: false });
    }
  }
}

/** Logs sorted by name as in Keras, which can be read under their other names too. */
export function newLogs(entries: readonly (readonly [string, number])[]): Logs {
  const logs: Logs = Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  addOtherNames(logs);
  return logs;
}
