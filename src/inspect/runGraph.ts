import { tf } from "../tensorflow/tf.ts";
import type { ModelGraph, LayerCall } from "./modelGraph.ts";

/** What is done instead of a call. */
export type Instead = (
  inputs: tf.Tensor | tf.Tensor[],
  args: Record<string, unknown>,
) => tf.Tensor | tf.Tensor[];

/** What a run of a graph takes. */
export interface RunOptions {
  /** Tensors by slot, the batch first: what leads to them is not computed. */
  feeds: ReadonlyMap<number, tf.Tensor>;
  /** The slots that are asked for. */
  wanted: readonly number[];
  /** Calls that are done in another way: a softmax left out. */
  instead?: ReadonlyMap<LayerCall, Instead>;
}

/**
 * Computes slots of a graph from others as in prediction: no dropout, and the running statistics of batch normalization. Only the calls
 * that are needed are made, nothing in the model is touched, and every operation is on the tape of a surrounding `tf.grad`.
 * Because any slot may be fed, the gradient of what follows a layer is that of an ordinary function of the layer's output.
 *
 * Must be called inside of `tf.tidy` or `tf.grad`, which free what is left over.
 */
export function runGraph(graph: ModelGraph, { feeds, wanted, instead }: RunOptions): tf.Tensor[] {
  const tensors = new Map(feeds);
  const masks = new Map<number, tf.Tensor | null>();
  const calls = neededCalls(graph, [...feeds.keys()], wanted);
  const isOver = tf.engine().state.gradientDepth > 0 ? () => false : countDown(calls);
  const kept = new Set([...feeds.keys(), ...wanted]);
  for (const call of calls) {
    const { layer } = call;
    const inputs = single(call.inputs.map((slot) => tensors.get(slot)!));
    const mask = maskOf(call, masks);
    const args = { ...ownArgs(call), mask, training: false };
    const taken = [inputs].flat();
    // Unlike `call`, `apply` tells the states that a recurrent layer begins with from what it reads.
    const given =
      instead?.get(call)?.(inputs, args) ?? (layer.apply(inputs, args) as tf.Tensor | tf.Tensor[]);
    // What passes on its input has a tensor of its own: each is freed by itself.
    const outputs = [given].flat().map((tensor) => (taken.includes(tensor) ? tensor.clone() : tensor));
    const outputMasks = [layer.computeMask(inputs, mask)].flat() as (tf.Tensor | null)[];
    call.outputs.forEach((slot, i) => {
      if (feeds.has(slot)) return;
      tensors.set(slot, outputs[i]!);
      masks.set(slot, outputMasks[i] ?? null);
    });
    // In prediction nobody wants what all that follow have read: of a deep network, only a few layers are held at a time.
    for (const slot of call.inputs) if (isOver(slot) && !kept.has(slot)) tensors.get(slot)!.dispose();
  }
  return wanted.map((slot) => tensors.get(slot)!);
}

/** As layers take their inputs: one of them without an array. */
const single = <T>(list: T[]): T | T[] => (list.length === 1 ? list[0]! : list);

/** Tells with each reading of a slot whether it was the last one. */
function countDown(calls: readonly LayerCall[]): (slot: number) => boolean {
  const left = new Map<number, number>();
  for (const slot of calls.flatMap(({ inputs }) => inputs)) left.set(slot, (left.get(slot) ?? 0) + 1);
  return (slot) => {
    left.set(slot, left.get(slot)! - 1);
    return left.get(slot) === 0;
  };
}

/** What a layer was given beside tensors; those of the graph are among its inputs. */
function ownArgs({ callArgs }: LayerCall): Record<string, unknown> {
  const isSymbolic = (value: unknown): boolean =>
    [value].flat().some((one) => one instanceof tf.SymbolicTensor);
  return Object.fromEntries(Object.entries(callArgs).filter(([, value]) => !isSymbolic(value)));
}

/** The masks of what a layer takes; of a recurrent layer, that of what it reads. */
function maskOf({ layer, inputs }: LayerCall, masks: ReadonlyMap<number, tf.Tensor | null>): tf.Tensor {
  const own = inputs.map((slot) => masks.get(slot) ?? null);
  if (own.every((mask) => mask === null)) return null as unknown as tf.Tensor;
  return (layer instanceof tf.RNN ? own[0] : single(own)) as tf.Tensor;
}

/** The calls that lead from the slots `given` to those `wanted`, in order. */
function neededCalls(
  { calls }: ModelGraph,
  given: readonly number[],
  wanted: readonly number[],
): LayerCall[] {
  const known = new Set(given);
  const asked = new Set(wanted.filter((slot) => !known.has(slot)));
  const needed: LayerCall[] = [];
  for (const call of calls.toReversed()) {
    if (!call.outputs.some((slot) => asked.has(slot))) continue;
    needed.push(call);
    for (const slot of call.inputs) if (!known.has(slot)) asked.add(slot);
  }
  return needed.reverse();
}

/**
 * Cuts a graph at a slot: which calls depend on it, and which other slots have to be fed for these to be computed again.
 *
 * @returns `after`: the calls behind it that lead to `to`, in order; `beside`: slots that do not depend on the cut, and that calls behind it take; undefined where the cut does not lead to `to`
 */
export function cutGraph(
  graph: ModelGraph,
  at: number,
  to: number,
): { after: LayerCall[]; beside: number[] } | undefined {
  const behind = new Set([at]);
  const calls = neededCalls(graph, [at, ...graph.inputs], [to]);
  const beside = new Set<number>();
  const after: LayerCall[] = [];
  for (const call of calls) {
    if (!call.inputs.some((slot) => behind.has(slot))) continue;
    after.push(call);
    for (const slot of call.outputs) behind.add(slot);
  }
  if (!behind.has(to)) return undefined;
  for (const slot of after.flatMap(({ inputs }) => inputs)) if (!behind.has(slot)) beside.add(slot);
  return { after, beside: [...beside] };
}
