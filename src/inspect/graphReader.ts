import { tf } from "../tensorflow/tf.ts";
import type { ModelGraph, Shape } from "./modelGraph.ts";
import { runGraph } from "./runGraph.ts";

/** Computes tensors of a model for a batch, of which there is one for each input; the caller disposes them. */
export type GraphReader = (batch: readonly tf.Tensor[]) => tf.Tensor[];

/**
 * Reads slots of a graph for one batch after the other, whatever nested models they are in. It is a model of its own, of one layer that
 * runs the graph: so each further batch of a shape is one call of TensorFlow, as with every `predict`.
 */
export function graphReader(graph: ModelGraph, slots: readonly number[]): GraphReader {
  const wanted = [...new Set(slots)];
  const inputs = graph.model.inputs.map(({ shape, dtype }, i) =>
    tf.input({ batchShape: [null, ...shape.slice(1)], dtype, name: `input_${i}` }),
  );
  const layer = new GraphLayer(graph, wanted);
  const reader = tf.model({ name: "reader", inputs, outputs: layer.apply(inputs) as tf.SymbolicTensor[] });
  return (batch) => {
    try {
      const results = [reader.predict([...batch], { batchSize: batch[0]!.shape[0] })].flat();
      return slots.map((slot) => results[wanted.indexOf(slot)]!);
    } finally {
      layer.forget();
    }
  };
}

/** A graph as a layer. */
class GraphLayer extends tf.layers.Layer {
  static readonly className = "Graph";
  readonly #graph: ModelGraph;
  readonly #slots: readonly number[];
  #latest: { batch: tf.Tensor[]; outputs: tf.Tensor[] } | undefined;

  constructor(graph: ModelGraph, slots: readonly number[]) {
    // With a name, it counts up no numbers of the user's layers.
    super({ name: "graph" });
    this.#graph = graph;
    this.#slots = slots;
  }

  override computeOutputShape(): Shape[] & tf.Shape[] {
    return this.#slots.map((slot) => [...this.#graph.sites.find((site) => site.slot === slot)!.shape]);
  }

  /** TensorFlow.js calls a layer once for each of its outputs that is wanted: all but the first time there is nothing to compute. */
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor[] {
    const batch = [inputs].flat();
    if (this.#latest?.batch.every((tensor, i) => tensor === batch[i])) return this.#latest.outputs;
    const feeds = new Map(this.#graph.inputs.map((slot, i) => [slot, batch[i]!]));
    const outputs = tf.tidy(() => runGraph(this.#graph, { feeds, wanted: this.#slots }));
    this.#latest = { batch, outputs };
    return outputs;
  }

  forget(): void {
    this.#latest = undefined;
  }
}
