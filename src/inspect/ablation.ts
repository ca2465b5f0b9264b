import { tf } from "../tensorflow/tf.ts";
import type { ModelGraph, Site } from "./modelGraph.ts";
import type { Head } from "./head.ts";
import { cutGraph, runGraph } from "./runGraph.ts";

/** How many pictures of a batch are answered right, with all channels and without each of some. */
export interface Answered {
  all: number;
  without: number[];
}

/** Which class an answer `[n, …]` is for: the largest number, or with a single probability whether it is at least a half. */
function classesOf(answer: tf.Tensor, activation: Head["activation"]): tf.Tensor1D {
  const flat = answer.reshape<tf.Tensor2D>([answer.shape[0], -1]);
  if (flat.shape[1] > 1) return flat.argMax<tf.Tensor1D>(1).cast("int32");
  return flat
    .greaterEqual(activation === "linear" ? 0 : 0.5)
    .cast("int32")
    .reshape([-1]);
}

/** The classes of targets: of one-hot rows, or numbers. */
export function classesOfTargets(targets: tf.Tensor): tf.Tensor1D {
  return tf.tidy(() =>
    targets.rank === 2 && targets.shape[1]! > 1
      ? classesOf(targets, "softmax")
      : targets.reshape<tf.Tensor1D>([-1]).cast<tf.Tensor1D>("int32").clone(),
  );
}

/**
 * Counts the right answers of a batch while one channel of a layer after the other is 0. What comes before the layer is computed once.
 *
 * @returns undefined where the output does not depend on the layer
 */
export async function countAnswers(
  graph: ModelGraph,
  { site, output, activation }: { site: Site; output: number; activation: Head["activation"] },
  { inputs, classes }: { inputs: readonly tf.Tensor[]; classes: tf.Tensor1D },
  channels: readonly number[],
): Promise<Answered | undefined> {
  const cut = cutGraph(graph, site.slot, output);
  if (cut === undefined) return undefined;
  const counts = tf.tidy(() => {
    const feeds = new Map(graph.inputs.map((slot, i) => [slot, inputs[i]!]));
    const [maps, ...beside] = runGraph(graph, { feeds, wanted: [site.slot, ...cut.beside] });
    const known = new Map(cut.beside.map((slot, i) => [slot, beside[i]!]));
    const right = (values: tf.Tensor): tf.Tensor => {
      const [answer] = runGraph(graph, { feeds: new Map(known).set(site.slot, values), wanted: [output] });
      return classesOf(answer!, activation).equal(classes).sum();
    };
    const depth = maps!.shape.at(-1)!;
    const without = channels.map((channel) =>
      tf.tidy(() =>
        right(maps!.mul(tf.tensor1d(Array.from({ length: depth }, (_, i) => Number(i !== channel))))),
      ),
    );
    return tf.stack([right(maps!), ...without]);
  });
  try {
    const [all = 0, ...without] = await counts.data();
    return { all, without };
  } finally {
    counts.dispose();
  }
}
