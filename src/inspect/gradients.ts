import { InputError } from "../errors.ts";
import { tf } from "../tensorflow/tf.ts";
import type { Site } from "./modelGraph.ts";
import { scoreOf, type Question } from "./question.ts";
import { cutGraph, runGraph } from "./runGraph.ts";

/** Scores `[n]` and their gradient, of the shape of what they are functions of; the caller disposes both. */
export interface ScoreGradient {
  scores: tf.Tensor;
  gradient: tf.Tensor;
}

/** The gradient of each picture's own score with respect to the pictures of a batch. */
export function pictureGradient(question: Question, pictures: tf.Tensor): ScoreGradient {
  return differentiate(namesOf(question, `input "${question.inputName}"`), pictures, (batch) =>
    scoreOf(question, batch),
  );
}

/** What a layer gives for the picture, `[1, …]`, and the gradient of the score with respect to it. */
export interface LayerGradient {
  activation: tf.Tensor;
  gradient: tf.Tensor;
}

/**
 * The gradient of the score with respect to what a layer gives: the network is cut there, and what follows is a function of the layer's
 * output alone. The model is not touched, so nothing has to be undone, and calls that run side by side cannot mix.
 *
 * @throws InputError when the score does not depend on the layer
 */
export function layerGradient(question: Question, site: Site): LayerGradient {
  const { graph, score, who, picture, feeds } = question;
  const { instead } = score;
  const cut = cutGraph(graph, site.slot, score.slot);
  if (cut === undefined) {
    const expected = `a layer that output "${score.outputName}" depends on`;
    throw new InputError({ who, expected, found: `"${site.path}"` });
  }
  const slots = [site.slot, ...cut.beside];
  const [activation, ...beside] = tf.tidy(() =>
    runGraph(graph, { feeds: feeds(picture), wanted: slots, instead }).map((tensor) => tensor.clone()),
  );
  const known = new Map(cut.beside.map((slot, i) => [slot, beside[i]!]));
  try {
    const { gradient, scores } = differentiate(
      namesOf(question, `layer "${site.path}"`),
      activation!,
      (values) => {
        const given = new Map(known).set(site.slot, values);
        return score.of(runGraph(graph, { feeds: given, wanted: [score.slot], instead })[0]!);
      },
    );
    scores.dispose();
    return { activation: activation!, gradient };
  } catch (error) {
    activation!.dispose();
    throw error;
  } finally {
    tf.dispose(beside);
  }
}

/** What is differentiated with respect to what, in words. */
interface Names {
  who: string;
  from: string;
  to: string;
}

const namesOf = ({ who, score }: Question, to: string): Names => ({
  who,
  from: `the score of "${score.outputName}"`,
  to,
});

/** Runs backwards; an operation without a gradient, or a constant, is said in one line. */
export function differentiate(
  { who, from, to }: Names,
  x: tf.Tensor,
  f: (x: tf.Tensor) => tf.Tensor,
): ScoreGradient {
  try {
    const { value, grad } = tf.valueAndGrad(f)(x);
    return { scores: value, gradient: grad };
  } catch (cause) {
    freeTape();
    const { message } = cause as Error;
    if (!message.includes("Cannot compute gradient") && !message.includes("encloses all operations"))
      throw cause;
    throw new InputError({
      who,
      expected: `a gradient of ${from} with respect to ${to}`,
      found: "none",
      fix: "a function on the way cannot be differentiated, or gives a constant",
      cause,
    });
  }
}

/** What was saved for the way back is freed at its end, which is not reached when something throws. */
export function freeTape(): void {
  const { state } = tf.engine();
  if (state.gradientDepth > 0) return;
  for (const { saved } of (state.activeTape as { saved?: tf.Tensor[] }[] | null) ?? [])
    tf.dispose(saved ?? []);
  state.activeTape = [];
}
