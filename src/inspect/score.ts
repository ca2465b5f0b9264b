import { InputError } from "../errors.ts";
import { tf } from "../tensorflow/tf.ts";
import { largest } from "./classLabels.ts";
import { findHead, findOutput, type Head } from "./head.ts";
import { isTensor } from "./pictureValues.ts";
import type { ModelGraph } from "./modelGraph.ts";
import { runGraph } from "./runGraph.ts";

/** Which number of a model's answer is asked about. */
export interface ScoreOptions {
  /** Of several outputs, the one by name or index. Default: the first. */
  output?: string | number | undefined;
  /**
   * The class: its logit is the score. Default: the predicted class. With a single unit behind a sigmoid there are the classes 0 and 1,
   * and the score of class 0 is minus the logit; without an activation the numbers themselves are the scores (regression).
   */
  classIndex?: number | undefined;
  /** A number of one's own instead: a function of the output for one picture `[1, …]`, as the model gives it, with one number. */
  score?: ((output: tf.Tensor) => tf.Tensor) | undefined;
}

/** A number for each picture of a batch, and how to compute it. */
export interface Score {
  outputName: string;
  activation: Head["activation"];
  /** Undefined for a function. */
  classIndex: number | undefined;
  /** How many classes there are; undefined for a function. */
  classes: number | undefined;
  /** The slot that {@link of} takes. */
  slot: number;
  instead: Head["instead"];
  /** The scores `[n]` of an output `[n, …]` of logits. */
  of(output: tf.Tensor): tf.Tensor1D;
  /** The probabilities of the class where there are some, otherwise the scores, `[n]` of an output `[n, …]` as the model gives it. */
  confidenceOf(output: tf.Tensor): tf.Tensor1D;
}

/**
 * Resolves which number is asked about, for given inputs.
 *
 * @throws InputError when there is no such output or class
 */
export function chooseScore(
  graph: ModelGraph,
  inputs: ReadonlyMap<number, tf.Tensor>,
  { output, classIndex, score }: ScoreOptions,
  who: string,
): Score {
  const index = findOutput(graph, output, who);
  const slot = graph.outputs[index]!;
  const outputName = graph.model.outputNames[index]!;
  if (score !== undefined) {
    const own = ownScore(score, who);
    const instead: Head["instead"] = new Map();
    const none = { classIndex: undefined, classes: undefined, activation: "linear" as const };
    return { outputName, slot, instead, of: own, confidenceOf: own, ...none };
  }
  const { activation, instead } = findHead(graph, slot);
  const means = tf.tidy(() => byClass(runGraph(graph, { feeds: inputs, wanted: [slot] })[0]!).dataSync());
  const binary = activation === "sigmoid" && means.length === 1;
  const classes = binary ? 2 : means.length;
  const chosen = classIndex ?? (binary ? Number(means[0]! >= 0.5) : largest(means, means.length)[0]!);
  if (!Number.isInteger(chosen) || chosen < 0 || chosen >= classes) {
    const expected = `classIndex: 0 to ${classes - 1}`;
    throw new InputError({ who, expected, found: String(chosen) });
  }
  const column = (tensor: tf.Tensor): tf.Tensor1D =>
    byClass(tensor)
      .slice([0, binary ? 0 : chosen], [-1, 1])
      .reshape([-1]);
  const isOther = binary && chosen === 0;
  return {
    outputName,
    activation,
    classIndex: chosen,
    classes,
    slot,
    instead,
    of: (logits) => (isOther ? column(logits).neg() : column(logits)),
    confidenceOf(answer) {
      const probability = column(activation === "logSoftmax" ? answer.exp() : answer);
      return isOther ? tf.sub(1, probability) : probability;
    },
  };
}

/** `[n, classes]` of an output `[n, …, classes]`: means over positions, where a network answers for each. */
function byClass(output: tf.Tensor): tf.Tensor2D {
  const { rank, shape } = output;
  if (rank <= 2) return output.reshape([shape[0] ?? 1, -1]);
  return output.mean(Array.from({ length: rank - 2 }, (_, i) => i + 1));
}

function ownScore(score: (output: tf.Tensor) => tf.Tensor, who: string): Score["of"] {
  return (output) =>
    tf.concat(
      Array.from({ length: output.shape[0] }, (_, i) => {
        const number: unknown = score(output.slice([i], [1]));
        if (isTensor(number) && number.size === 1) return number.reshape<tf.Tensor1D>([1]);
        const found = isTensor(number) ? `a tensor [${number.shape.join(", ")}]` : typeof number;
        throw new InputError({ who, expected: "score: a function that gives a tensor of one number", found });
      }),
    );
}
