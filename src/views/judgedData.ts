import { InputError } from "../errors.ts";
import { toClassLabels, type ClassLabels, type Labels } from "../inspect/classLabels.ts";
import { readScores, toScores, type ScoreOptions, type Scores } from "../inspect/modelScores.ts";
import type { Pictures } from "../inspect/modelInputs.ts";
import { isTensor } from "../inspect/pictureValues.ts";
import type { Model, Tensor } from "../inspect/tensors.ts";
import { currentHost } from "../jupyter/host.ts";

/** Pictures and what they show. */
export interface LabelledPictures {
  x: Pictures;
  y: Labels;
}

/** Batches of pictures with targets, as `flowFromDirectory` gives them; what is taken from them is disposed. */
export type LabelledBatches = (
  AsyncIterable<{ xs: Tensor | Tensor[]; ys?: Tensor }> | Iterable<{ xs: Tensor | Tensor[]; ys?: Tensor }>
) & {
  /** How many batches an epoch has. */
  readonly length?: number;
  /** Names of the classes and their indices. */
  readonly classIndices?: Readonly<Record<string, number>>;
};

/** What the functions that judge a classifier have in common. */
export interface JudgeOptions {
  /** Names of the classes, in the order of their indices. Default: those of the batches, or the indices. */
  classNames?: readonly string[];
  /** Of a model with several outputs the one that is judged, by name or index. */
  output?: string | number;
  /** Pictures that go through the model at once. Default 256. */
  batchSize?: number;
  /** Batches to take. Default: one pass through the data. */
  steps?: number;
  /** Stops after the batch that is running. Default: the notebook's stop button. */
  signal?: AbortSignal;
}

/** What pictures show, what they are taken for, and the names of the classes. */
export interface Judged {
  truth: Int32Array;
  predicted: Int32Array;
  classNames: readonly string[];
  /** Absent where only the predicted classes are known. */
  scores?: Scores;
}

/** Whether something is a model, and no labels. */
export const isModel = (value: unknown): value is Model =>
  typeof value === "object" && value !== null && "predict" in value && "layers" in value;

/**
 * Hands what a model takes pictures for to `show`, see {@link judgeModel}; or what labels are taken for, where predictions are given
 * in the place of a model.
 */
export function judge<Result>(
  first: Labels | Model,
  second: Labels | LabelledPictures | LabelledBatches,
  options: JudgeOptions & { who: string },
  show: (judged: Judged) => Result,
): Result | Promise<Result> {
  return isModel(first)
    ? judgeModel(first, second as LabelledPictures | LabelledBatches, options, show)
    : show(judgeLabels(first, second as Labels, options));
}

/** Compares labels with predicted classes, or with scores of them. */
function judgeLabels(
  truth: Labels,
  predicted: Labels,
  { classNames, who }: JudgeOptions & { who: string },
): Judged {
  const scores = isTensor(predicted) && predicted.rank === 2 ? toScores(predicted as never) : undefined;
  const names = classNames ?? namesIn([truth, predicted]);
  const said = scores
    ? { classes: scores.predicted, count: scores.classes }
    : toClassLabels(predicted, { who, what: "yPred", classNames: names });
  const shown = toClassLabels(truth, { who, what: "yTrue", classNames: names });
  return { ...pair(shown, said, names, who), ...(scores && { scores }) };
}

/** Labels that are names bring the names of the classes with them. */
function namesIn(all: readonly Labels[]): string[] | undefined {
  const names = all
    .filter((labels) => Array.isArray(labels) && typeof labels[0] === "string")
    .flat() as string[];
  return names.length === 0 ? undefined : [...new Set(names)].sort();
}

/**
 * Asks a model about pictures and hands what comes out to `show`: at once, or as a promise where the pictures come in batches.
 *
 * @throws InputError when pictures or labels do not fit
 */
function judgeModel<Result>(
  model: Model,
  data: LabelledPictures | LabelledBatches,
  options: JudgeOptions & { who: string },
  show: (judged: Judged) => Result,
): Result | Promise<Result> {
  const { classNames, who } = options;
  if (typeof data !== "object" || data === null) {
    throw new InputError({ who, expected: "data: { x, y }, or batches { xs, ys }", found: String(data) });
  }
  if ("x" in data)
    return show(judgeBatch(model, data.x, data.y, { ...options, classNames: classNames ?? undefined }));
  if (Symbol.asyncIterator in data || Symbol.iterator in data)
    return judgeBatches(model, data, options).then(show);
  throw new InputError({ who, expected: "data: { x, y }, or batches { xs, ys }", found: typeof data });
}

function judgeBatch(
  model: Model,
  x: Pictures,
  y: Labels,
  { classNames, who, ...asked }: ScoreOptions & { classNames: readonly string[] | undefined },
): Required<Judged> {
  const scores = readScores(model, x, { who, ...asked });
  const names = classNames ?? namesIn([y]);
  const shown = toClassLabels(y, { who, what: "labels", classNames: names });
  const beyond = shown.classes.find((index) => index >= scores.classes);
  if (beyond !== undefined) {
    const expected = `labels: the model's classes, 0 to ${scores.classes - 1}`;
    throw new InputError({ who, expected, found: String(beyond) });
  }
  return { ...pair(shown, { classes: scores.predicted, count: scores.classes }, names, who), scores };
}

async function judgeBatches(
  model: Model,
  data: LabelledBatches,
  { classNames, steps = Infinity, signal = currentHost().signal, ...options }: JudgeOptions & { who: string },
): Promise<Judged> {
  const names = classNames ?? (data.classIndices && Object.keys(data.classIndices));
  const parts: Required<Judged>[] = [];
  for await (const { xs, ys } of data) {
    try {
      if (ys === undefined) {
        throw new InputError({ who: options.who, expected: "batches with targets", found: "pictures alone" });
      }
      parts.push(judgeBatch(model, xs, ys, { ...options, classNames: names }));
    } finally {
      for (const tensor of [xs, ys ?? []].flat()) tensor.dispose();
    }
    if (parts.length >= steps) break;
    signal?.throwIfAborted();
  }
  if (parts.length === 0) throw new InputError({ who: options.who, expected: "pictures", found: "none" });
  return join(parts);
}

function join(parts: readonly Required<Judged>[]): Judged {
  const { scores, classNames } = parts.reduce((a, b) => (b.classNames.length > a.classNames.length ? b : a));
  const applied = parts.find((part) => part.scores.applied)?.scores.applied;
  const predicted = Int32Array.from(parts.flatMap((part) => [...part.predicted]));
  return {
    truth: Int32Array.from(parts.flatMap(({ truth }) => [...truth])),
    predicted,
    classNames,
    scores: {
      probabilities: Float32Array.from(parts.flatMap((part) => [...part.scores.probabilities])),
      count: predicted.length,
      classes: scores.classes,
      predicted,
      ...(applied && { applied }),
    },
  };
}

function pair(
  shown: ClassLabels,
  said: ClassLabels,
  classNames: readonly string[] | undefined,
  who: string,
): Pick<Judged, "truth" | "predicted" | "classNames"> {
  if (shown.classes.length !== said.classes.length) {
    throw new InputError({
      who,
      expected: `labels for ${said.classes.length} predictions`,
      found: String(shown.classes.length),
      fix: "one for each picture",
    });
  }
  const count = Math.max(shown.count, said.count);
  if (classNames && count > classNames.length) {
    throw new InputError({
      who,
      expected: `classNames for ${count} classes`,
      found: String(classNames.length),
    });
  }
  const names = classNames ?? Array.from({ length: count }, (_, index) => String(index));
  return { truth: shown.classes, predicted: said.classes, classNames: names };
}
