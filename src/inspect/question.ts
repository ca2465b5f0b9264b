import { InputError } from "../errors.ts";
import { tf } from "../tensorflow/tf.ts";
import { openModel, type ModelGraph } from "./modelGraph.ts";
import { toFinite, type PictureInput } from "./modelInputs.ts";
import { runGraph } from "./runGraph.ts";
import { chooseScore, type Score, type ScoreOptions } from "./score.ts";

/** What is asked of a model about a picture. */
export interface QuestionOptions extends ScoreOptions {
  /** Of several inputs, the one whose picture is explained, by name or index. Default: the first that takes pictures. */
  input?: string | number | undefined;
}

/** Why does this network say that about this picture? */
export interface Question {
  who: string;
  graph: ModelGraph;
  score: Score;
  /** The picture `[1, height, width, channels]` or `[1, height, width]`. */
  picture: tf.Tensor;
  inputName: string;
  /** Of the input that takes the picture. */
  inputSlot: number;
  height: number;
  width: number;
  /** The score of the picture as it is, and the probability of the class (where there is none, the score again). */
  value: number;
  confidence: number;
  /** A run's feeds with other pictures in the place of this one; the other inputs are repeated as often as it takes. */
  feeds: (pictures: tf.Tensor) => Map<number, tf.Tensor>;
}

/** As much of a question as it takes to compute scores. */
type Asked = Pick<Question, "graph" | "score" | "feeds">;

/**
 * Prepares a question, lets `work` answer it, and frees what was made for it, also when it fails.
 *
 * @throws InputError when the picture does not fit, there is no such output or class, or the model's answer is not a number
 */
export async function askModel<T>(
  model: tf.LayersModel,
  image: PictureInput,
  { input, ...options }: QuestionOptions,
  who: string,
  work: (question: Question) => Promise<T> | T,
): Promise<T> {
  const graph = openModel(model, who);
  const at = findInput(model, input, who);
  const inputs = toFinite(model, image, who);
  try {
    const all = new Map(graph.inputs.map((slot, i) => [slot, inputs[i]!]));
    const score = chooseScore(graph, all, options, who);
    const picture = inputs[at]!;
    const [, height = 0, width = 0] = picture.shape;
    const feeds = (pictures: tf.Tensor): Map<number, tf.Tensor> =>
      new Map(
        graph.inputs.map((slot, i) => [slot, i === at ? pictures : repeat(inputs[i]!, pictures.shape[0])]),
      );
    const [inputName, inputSlot] = [model.inputNames[at]!, graph.inputs[at]!];
    const question = { who, graph, score, picture, inputName, inputSlot, height, width, feeds };
    const [value = NaN] = await readScores(question, picture);
    const [confidence = NaN] = await readScores(question, picture, true);
    if (!Number.isFinite(value)) throw notFinite(model, who, value);
    return await work({ ...question, value, confidence });
  } finally {
    tf.dispose(inputs);
  }
}

function findInput(
  { inputs, inputNames }: tf.LayersModel,
  wanted: string | number | undefined,
  who: string,
): number {
  const isPicture = ({ shape }: tf.SymbolicTensor): boolean => shape.length === 4 || shape.length === 3;
  let index = typeof wanted === "string" ? inputNames.indexOf(wanted) : wanted;
  index ??= inputs.findIndex(({ shape }) => shape.length === 4);
  if (wanted === undefined && index < 0) index = inputs.findIndex(isPicture);
  const found = inputs[index];
  if (found !== undefined && isPicture(found)) return index;
  const shapes = inputs.map(
    ({ shape }, i) =>
      `"${inputNames[i]!}" [${shape
        .slice(1)
        .map((n) => n ?? "any")
        .join(", ")}]`,
  );
  throw new InputError({
    who,
    expected: "an input that takes pictures [height, width, channels]",
    found: wanted === undefined ? shapes.join(", ") : `input ${JSON.stringify(wanted)}`,
    ...(wanted !== undefined && { fix: `there are ${shapes.join(", ")}` }),
  });
}

function repeat(tensor: tf.Tensor, count: number): tf.Tensor {
  return count === 1 ? tensor : tensor.tile([count, ...tensor.shape.slice(1).map(() => 1)]);
}

function notFinite(model: tf.LayersModel, who: string, value: number): InputError {
  const broken = model.layers.filter(({ weights }) =>
    weights.some((weight) => tf.tidy(() => !tf.isFinite(weight.read().cast("float32")).all().dataSync()[0])),
  );
  const names = broken.map(({ name }) => `"${name}"`).join(", ");
  const fix =
    broken.length > 0 ? `the weights of ${names} are not finite: train anew, slower` : "see activations";
  return new InputError({
    who,
    expected: "a model whose score for the picture is a number",
    found: String(value),
    fix,
  });
}

/** The scores `[n]` of a batch of pictures; to be called inside of `tf.tidy` or `tf.grad`. */
export function scoreOf({ graph, score, feeds }: Asked, pictures: tf.Tensor): tf.Tensor1D {
  const [logits] = runGraph(graph, { feeds: feeds(pictures), wanted: [score.slot], instead: score.instead });
  return score.of(logits!);
}

/** The scores of a batch of pictures as numbers, or with `confidences` the probabilities of the class. */
export async function readScores(
  question: Asked,
  pictures: tf.Tensor,
  confidences = false,
): Promise<Float32Array> {
  const { graph, score, feeds } = question;
  const scores = tf.tidy(() => {
    if (!confidences) return scoreOf(question, pictures);
    return score.confidenceOf(runGraph(graph, { feeds: feeds(pictures), wanted: [score.slot] })[0]!);
  });
  try {
    return Float32Array.from(await scores.data());
  } finally {
    scores.dispose();
  }
}
