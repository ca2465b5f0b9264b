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
  /** Whether the gradients are finite, where all stays as it is if they are not. */
  isFinite: GraphOutput | undefined;
}

const dtype = attribute.type("dtype", dataTypes.float);
const float = attribute.type("T", dataTypes.float);

/** Adds the operations with which an optimizer changes the weights. Returns them. */
export function addUpdates(
  graph: Graph,
  feeds: Feeds,
  { update, optimizer, gradients, isFinite }: Updated,
): Pointer[] {
  const { operation, slots, powers = [], numbers, order } = update;
  const attributes = attributesOf(update, optimizer);
  const shared = new Map<string, GraphOutput>();
  for (const name of numbers)
    shared.set(
      name,
      feeds.number(name, () => numberOf(optimizer, name)),
    );
  const read = (resource: GraphOutput, after: readonly Pointer[] = []): GraphOutput => ({
    oper: graph.add("ReadVariableOp", [resource], { attributes: [dtype], after }),
    index: 0,
  });
  const chosen = (value: GraphOutput, before: GraphOutput): GraphOutput =>
    isFinite === undefined
      ? value
      : { oper: graph.add("SelectV2", [isFinite, value, before], { attributes: [float] }), index: 0 };
  const assign = (resource: GraphOutput, value: GraphOutput, after: readonly Pointer[]): Pointer =>
    graph.add("AssignVariableOp", [resource, value], { attributes: [dtype], after });

  const advanced = powers.map(({ field, times }) => {
    const resource = feeds.slot(field, () => powerOf(optimizer, field));
    const value = read(resource);
    shared.set(field, value);
    return { resource, value, factor: shared.get(times)! };
  });

  const applied = gradients.flatMap(({ variable, place, gradient }) => {
    const own = new Map(
      slots.map((field) => [
        field,
        feeds.slot(`${variable.name}/${field}`, () => slotOf(optimizer, field, { variable, place })),
      ]),
    );
    own.set("gradient", gradient);
    const inputs = order.map((name) => own.get(name) ?? shared.get(name)!);
    const resource = feeds.resource(variable);
    // TensorFlow changes a copy of what has been read, so what was there can be put back.
    const touched = isFinite === undefined ? [] : [resource, ...slots.map((field) => own.get(field)!)];
    const before = touched.map((each) => read(each));
    const apply = graph.add(operation, [resource, ...inputs], {
      attributes,
      after: [...feeds.usesOf(variable), ...before.map(({ oper }) => oper)],
    });
    const kept = touched.map((each, index) => assign(each, chosen(read(each, [apply]), before[index]!), []));
    return [apply, ...kept];
  });
  const assigned = advanced.map(({ resource, value, factor }) => {
    const product = { oper: graph.add("Mul", [value, factor], { attributes: [float] }), index: 0 };
    return assign(resource, chosen(product, value), applied);
  });
  return [...applied, ...assigned];
}
