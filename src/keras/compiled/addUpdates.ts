import { attribute } from "../../tensorflow/attributes.ts";
import type { GraphOutput, Pointer } from "../../tensorflow/capi.ts";
import { dataTypes } from "../../tensorflow/dataTypes.ts";
import type { Graph } from "../../tensorflow/graph/graph.ts";
import type { tf } from "../../tensorflow/tf.ts";
import type { Feeds } from "./feeds.ts";
import {
  attributesOf,
  numberOf,
  powerOf,
  slotOf,
  type OptimizerUpdate,
  type TrainedWeight,
} from "./optimizerUpdates.ts";

interface Updated {
  update: OptimizerUpdate;
  optimizer: tf.Optimizer;
  gradients: readonly (TrainedWeight & { gradient: GraphOutput })[];
}

const dtype = attribute.type("dtype", dataTypes.float);

/** Adds the operations with which an optimizer changes the weights. Returns them. */
export function addUpdates(graph: Graph, feeds: Feeds, { update, optimizer, gradients }: Updated): Pointer[] {
  const { operation, slots, powers = [], numbers, order } = update;
  const attributes = attributesOf(update, optimizer);
  const shared = new Map<string, GraphOutput>();
  for (const name of numbers)
    shared.set(
      name,
      feeds.number(name, () => numberOf(optimizer, name)),
    );
  const advanced = powers.map(({ field, times }) => {
    const resource = feeds.slot(field, () => powerOf(optimizer, field));
    const read = graph.add("ReadVariableOp", [resource], { attributes: [dtype] });
    const value = { oper: read, index: 0 };
    shared.set(field, value);
    return { resource, value, factor: shared.get(times)! };
  });

  const applied = gradients.map(({ variable, place, gradient }) => {
    const own = new Map(
      slots.map((field) => [
        field,
        feeds.slot(`${variable.name}/${field}`, () => slotOf(optimizer, field, { variable, place })),
      ]),
    );
    own.set("gradient", gradient);
    const inputs = order.map((name) => own.get(name) ?? shared.get(name)!);
    return graph.add(operation, [feeds.resource(variable), ...inputs], {
      attributes,
      after: feeds.usesOf(variable),
    });
  });
  const assigned = advanced.map(({ resource, value, factor }) => {
    const product = graph.add("Mul", [value, factor], { attributes: [attribute.type("T", dataTypes.float)] });
    return graph.add("AssignVariableOp", [resource, { oper: product, index: 0 }], {
      attributes: [dtype],
      after: applied,
    });
  });
  return [...applied, ...assigned];
}
