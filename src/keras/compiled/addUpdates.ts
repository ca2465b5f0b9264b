import { attributeKinds } from "../../tensorflow/attributes.ts";
import type { GraphOutput, Pointer } from "../../tensorflow/capi.ts";
import { dataTypes } from "../../tensorflow/dataTypes.ts";
import type { Graph } from "../../tensorflow/graph/graph.ts";
import type { tf } from "../../tensorflow/tf.ts";
import type { Feeds } from "./feeds.ts";
import { numberOf, powerOf, slotOf, type OptimizerUpdate, type TrainedWeight } from "./optimizerUpdates.ts";

interface Updated {
  update: OptimizerUpdate;
  optimizer: tf.Optimizer;
  gradients: readonly (TrainedWeight & { gradient: GraphOutput })[];
}

const float = { type: attributeKinds.type, value: dataTypes.float };
const lock = { name: "use_locking", type: attributeKinds.bool, value: true };

/** Adds the operations with which an optimizer changes the weights. Returns them. */
export function addUpdates(graph: Graph, feeds: Feeds, { update, optimizer, gradients }: Updated): Pointer[] {
  const { operation, flags = () => ({}), slots, powers = [], numbers, order } = update;
  const flagList = Object.entries(flags(optimizer));
  const attributes = [
    { name: "T", ...float },
    lock,
    ...flagList.map(([name, value]) => ({ name, type: attributeKinds.bool, value })),
  ];
  const shared = new Map<string, GraphOutput>();
  for (const name of numbers)
    shared.set(
      name,
      feeds.number(name, () => numberOf(optimizer, name)),
    );
  const advanced = powers.map(({ field, times }) => {
    const resource = feeds.slot(field, () => powerOf(optimizer, field));
    const read = graph.add("ReadVariableOp", [resource], { attributes: [{ name: "dtype", ...float }] });
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
      after: feeds.readsOf(variable),
    });
  });
  const assigned = advanced.map(({ resource, value, factor }) => {
    const product = graph.add("Mul", [value, factor], { attributes: [{ name: "T", ...float }] });
    return graph.add("AssignVariableOp", [resource, { oper: product, index: 0 }], {
      attributes: [{ name: "dtype", ...float }],
      after: applied,
    });
  });
  return [...applied, ...assigned];
}
