import type { ModelGraph, LayerCall, Site } from "./modelGraph.ts";
import { cutGraph } from "./runGraph.ts";

/** Layers that only pass on, combine or squash what a convolution found, pixel by pixel. */
const following =
  /^(BatchNormalization|Activation|.*ReLU|ELU|Add|Concatenate|.*Normalization|SpatialDropout2D|Dropout)$/i;

/**
 * The layer that is meant when none is named: of the convolutions between two slots with maps larger than one pixel the last one, with the
 * batch normalization, the activation and the additions that belong to it, up to the next change of size.
 *
 * @param depth how far from the first convolution (0) to the last (1, the default)
 */
export function findConvolution(
  graph: ModelGraph,
  { from, to, depth = 1 }: { from: number; to: number; depth?: number },
): Site | undefined {
  const siteOf = new Map(graph.sites.toReversed().map((site) => [site.slot, site]));
  const calls = cutGraph(graph, from, to)?.after ?? [];
  const isSpatial = (slot: number): boolean => {
    const { shape } = siteOf.get(slot)!;
    return shape.length === 4 && !(shape[1] === 1 && shape[2] === 1);
  };
  const isConvolution = (call: LayerCall): boolean =>
    /conv/i.test(call.layer.getClassName()) && isSpatial(call.outputs[0]!);
  const convolutions = calls.filter(isConvolution);
  let last = convolutions[Math.round(depth * (convolutions.length - 1))];
  if (last === undefined) return undefined;
  for (const call of calls.slice(calls.indexOf(last) + 1)) {
    const follows = call.inputs.includes(last.outputs[0]!) && following.test(call.layer.getClassName());
    if (follows && isSpatial(call.outputs[0]!)) last = call;
  }
  return siteOf.get(last.outputs[0]!);
}
