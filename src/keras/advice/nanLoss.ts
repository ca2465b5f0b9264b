import type { tf } from "../../tensorflow/tf.ts";
import { learningRateOf } from "../optimizers/learningRate.ts";
import type { InputScale } from "./inputScale.ts";

/** What a training was doing when its loss was no number. */
export interface NanQuestion {
  /** The loss, NaN or infinite. */
  loss: number;
  epoch: number;
  batch: number;
  optimizer: tf.Optimizer;
  /** What it was trained on, as far as is known. */
  inputs: readonly InputScale[];
  targets: readonly InputScale[];
}

/** Rates beyond which an optimizer seldom converges. */
const highRates: Record<string, number> = { SGD: 0.5, Momentum: 0.1, Adadelta: 10 };

/**
 * Why a loss may be NaN or infinite, and what to do, in one line: data that are no numbers, inputs that are not scaled, a
 * learning rate that is too high. Ask once, when an epoch's loss is no number.
 */
export function explainNaN(question: NanQuestion): string {
  const { loss, epoch, batch, optimizer, inputs, targets } = question;
  const name = Number.isNaN(loss) ? "NaN" : "infinite";
  const head = `loss is ${name} in epoch ${epoch + 1}, batch ${batch + 1}`;
  if (inputs.some(({ broken }) => broken)) {
    return `${head}: the inputs have values that are no numbers; look for them by tf.isFinite(x).all()`;
  }
  if (targets.some(({ broken }) => broken)) {
    return `${head}: the targets have values that are no numbers; look for them by tf.isFinite(y).all()`;
  }
  const reach = Math.max(...inputs.map(({ least, most }) => Math.max(-least, most)));
  if (reach > 20) {
    const found = Number(reach.toPrecision(3));
    return `${head}: the inputs have values up to ${found}; scale them to 0..1, pictures by div(255)`;
  }
  const rate = learningRateOf(optimizer);
  const high = highRates[optimizer.getClassName()] ?? 0.05;
  if (rate >= high)
    return `${head}: a learning rate of ${rate} is high; try ${Number((rate / 10).toPrecision(3))}`;
  return `${head}; try a learning rate of ${Number((rate / 10).toPrecision(3))}, or clipnorm: 1 in the optimizer`;
}
