import { InputError } from "../../errors.ts";
import { currentRuntime } from "../../tensorflow/runtime.ts";
import { say } from "../../tensorflow/say.ts";
import { tf } from "../../tensorflow/tf.ts";
import {
  noteTruncated,
  noteUnscaled,
  rememberScale,
  scaleOf,
  type InputScale,
} from "../advice/inputScale.ts";
import { isTimeToLook } from "../advice/isTimeToLook.ts";
import { explainNaN } from "../advice/nanLoss.ts";
import { adviseOutput } from "../advice/outputs.ts";
import { adviseTargetValues } from "../advice/targets.ts";
import type { FlatBatch } from "./batches.ts";
import { namedLoss, type TrainableModel } from "./trainableModel.ts";

/** How many samples of a training are looked at. */
const samples = 32;
/** Values of data that are looked at when a loss is no number; more would take memory that may not be there. */
const mostValues = 2e7;

/** What sees that a training cannot go well, and says so. */
export interface Advisor {
  /** Looks at the first batch. Refuses class numbers that the model has no output for. */
  seeFirst(batch: FlatBatch): Promise<void>;
  /** Says on stderr why a loss may be no number; once. */
  explain(loss: number, epoch: number, batch: number): Promise<void>;
}

/** Whether inputs are measures, which have a scale, and not the numbers of words. Pictures may be whole numbers. */
const hasScale = ({ layers }: TrainableModel, { dtype, rank }: tf.Tensor): boolean =>
  (dtype === "float32" || (dtype === "int32" && rank > 3)) &&
  !layers.some((layer) => layer.getClassName() === "Embedding");

/** Some samples of a batch, as tensors of their own. */
function sampleOf({ tensors, rows, size }: FlatBatch): tf.Tensor[] {
  const count = Math.min(size, samples);
  return tf.tidy(() => {
    if (rows === undefined) return tensors.map((tensor) => tf.slice(tensor, 0, count));
    const chosen = tf.tensor1d(rows.subarray(0, count), "int32");
    return tensors.map((tensor) => tf.gather(tensor, chosen));
  });
}

async function lookAtInput(model: TrainableModel, input: tf.Tensor, index: number): Promise<InputScale[]> {
  if (!hasScale(model, input)) return [];
  const note = await noteTruncated(input);
  if (note !== undefined) say(note);
  return [await rememberScale(model.inputs[index]!, input)];
}

async function lookAtTarget(
  model: TrainableModel,
  target: tf.Tensor,
  index: number,
  who: string,
): Promise<void> {
  const { name: loss, config = {} } = namedLoss(model, index) ?? {};
  const question = { who, output: model.outputs[index]!, loss };
  const ofOutput = adviseOutput(question, config.from_logits === true);
  if (ofOutput !== undefined) {
    say(new InputError(ofOutput).message);
    return;
  }
  const isOpen = typeof config.ignore_class === "number";
  const advice = isOpen ? undefined : await adviseTargetValues(question, target);
  if (advice === undefined) return;
  const error = new InputError(advice);
  // These numbers have no meaning at all; others may be meant.
  if (/^sparse/i.test(loss!)) throw error;
  say(error.message);
}

export function newAdvisor(model: TrainableModel, who: string): Advisor {
  const { length } = model.inputs;
  const ends = length + model.outputs.length;
  let seen: InputScale[] = [];
  /** Data that are there as long as the training. */
  let whole: readonly tf.Tensor[] = [];
  let isExplained = false;

  const scales = (tensors: readonly tf.Tensor[]) =>
    Promise.all(
      tensors.map(async (tensor) => {
        const count = Math.ceil(mostValues / (tensor.size / tensor.shape[0]));
        const part = tf.slice(tensor, 0, Math.min(tensor.shape[0], count));
        const scale = await scaleOf(part);
        part.dispose();
        return scale;
      }),
    );

  return {
    async seeFirst(batch) {
      if (batch.rows !== undefined) whole = batch.tensors;
      if (!isTimeToLook(model)) return;
      const sample = sampleOf(batch);
      try {
        const looked = sample.slice(0, length).map((input, index) => lookAtInput(model, input, index));
        seen = (await Promise.all(looked)).flat();
        for (const [index, target] of sample.slice(length, ends).entries())
          await lookAtTarget(model, target, index, who);
      } finally {
        tf.dispose(sample);
      }
    },

    async explain(loss, epoch, batch) {
      if (isExplained) return;
      isExplained = true;
      const inputs = whole.length > 0 ? await scales(whole.slice(0, length)) : seen;
      const targets = await scales(whole.slice(length, ends));
      const { optimizer_: optimizer } = model;
      const text = explainNaN({ loss, epoch, batch, optimizer: optimizer!, inputs, targets });
      process.stderr.write(`convoscope: ${text}\n`);
    },
  };
}

/**
 * Says, once, when a model that was trained here is to predict from inputs of quite another scale. Looks now and then only, and
 * not where a GPU would have to wait.
 */
export function lookAtPrediction(model: TrainableModel, inputs: readonly tf.Tensor[]): void {
  const { context } = currentRuntime() ?? {};
  const wouldWait = context ? context.device.isGpu : tf.getBackend() === "webgpu";
  // Within a gradient or a metric a step is being recorded, which must not read values.
  if (wouldWait || tf.engine().state.gradientDepth > 0) return;
  for (const [index, input] of inputs.entries()) {
    const symbol = model.inputs[index]!;
    const note = isTimeToLook(symbol) ? noteUnscaled(symbol, input) : undefined;
    if (note !== undefined) say(`predict: ${note}`);
  }
}
