import { InputError } from "../../errors.ts";
import { nearestName } from "../../nearestName.ts";
import type { tf } from "../../tensorflow/tf.ts";
import { canonical, lossFromConfig } from "../files/lossConfig.ts";
import { losses } from "../losses.ts";
import type { Loss } from "../losses/loss.ts";
import { metrics } from "../metrics.ts";
import type { StatefulMetric } from "../metrics/statefulMetric.ts";
import { optimizerClasses, optimizerFromKeras } from "../optimizers/fromKeras.ts";

/** What TensorFlow.js makes of these names stays as it is. */
const ofTfjs = {
  optimizers: ["Adagrad", "Adadelta", "Adam", "Adamax", "RMSProp", "SGD"].flatMap((name) => [
    name,
    name.toLowerCase(),
  ]),
  losses: [
    ...["binaryCrossentropy", "categoricalCrossentropy", "categoricalHinge", "cosineProximity", "hinge"],
    ...["kullbackLeiblerDivergence", "logcosh", "meanAbsoluteError", "meanAbsolutePercentageError"],
    ...["meanSquaredError", "meanSquaredLogarithmicError", "poisson", "sparseCategoricalCrossentropy"],
    "squaredHinge",
  ],
  // Its `precision` is missing: it looks for predictions of exactly 1.
  metrics: [
    ...[
      "acc",
      "accuracy",
      "binaryAccuracy",
      "categoricalAccuracy",
      "categoricalCrossentropy",
      "ce",
      "cosine",
    ],
    ...["crossentropy", "mae", "MAE", "mape", "MAPE", "mse", "MSE", "sparseCategoricalCrossentropy"],
  ],
};

function unknownName(what: string, name: string, known: readonly string[]): InputError {
  const near = nearestName(name, known);
  const fix = near === undefined ? `there are ${known.join(", ")}` : `did you mean "${near}"?`;
  return new InputError({ who: "compile", expected: `the name of ${what}`, found: `"${name}"`, fix });
}

/** What `compile` is to take for the name of an optimizer: Keras' of this name, in any letters, where TensorFlow.js has none. */
export function optimizerNamed(name: string): string | tf.Optimizer {
  if (ofTfjs.optimizers.includes(name)) return name;
  const className = optimizerClasses.find((known) => known.toLowerCase() === name.toLowerCase());
  const optimizer = className && optimizerFromKeras({ class_name: className, config: {} });
  if (!optimizer) throw unknownName("an optimizer", name, optimizerClasses.map(lowerCase));
  return optimizer;
}

/** The same for losses, of which several outputs have several: `mse`, `categorical_crossentropy`, `CategoricalCrossentropy`. */
export function lossesNamed(loss: unknown): unknown {
  if (typeof loss === "string") {
    const found = ofTfjs.losses.includes(loss) ? loss : lossFromConfig(loss, false);
    if (found === undefined) throw unknownName("a loss", loss, Object.keys(losses));
    return found;
  }
  if (Array.isArray(loss)) return loss.map(lossesNamed);
  if (typeof loss !== "object" || loss === null) return loss;
  return Object.fromEntries(Object.entries(loss).map(([output, one]) => [output, lossesNamed(one)]));
}

/** The same for a metric: `AUC`, `top_k_categorical_accuracy`. It is reported under the name that was given. */
export function metricNamed(name: string): string | Loss | StatefulMetric {
  if (ofTfjs.metrics.includes(name)) return name;
  const makers = metrics as Readonly<Record<string, unknown>>;
  const make = makers[canonical(name)] as ((options: object) => Loss | StatefulMetric) | undefined;
  if (make === undefined) throw unknownName("a metric", name, Object.keys(metrics));
  return Object.defineProperty(make({}), "name", { value: name });
}

const lowerCase = (name: string) => name.toLowerCase();
