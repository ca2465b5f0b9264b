import { dependenciesOf, type Dependency } from "./dependencies.ts";
import type { ModelGraph, Shape } from "./modelGraph.ts";

/**
 * What a unit sees of one axis of the input: from `low` to `high` for the first unit, borders of zeros included, and `jump`
 * further for each unit after it. Units that stand along no axis (`axis` undefined) all see the same.
 */
export interface Reach {
  axis: number | undefined;
  low: number;
  high: number;
  jump: number;
}

/**
 * How far the units of each call see on the input `input` (a call of the graph), axis by axis; `undefined` for calls that do not
 * depend on it, NaN behind layers of which nobody knows what they look at.
 *
 * A layer with a kernel of k, a stride of s and p places before makes r + (k - 1) · j of the size r, and s · j of the jump j.
 * Where branches meet, all that either sees counts.
 */
export function receptiveFields(graph: ModelGraph, input: number): (readonly Reach[] | undefined)[] {
  const reaches: (readonly Reach[] | undefined)[] = [];
  graph.calls.forEach((call, index) => {
    if (index === input) {
      reaches.push(call.outputShapes[0]!.slice(1).map((_, axis) => ({ axis, low: 0, high: 0, jump: 1 })));
      return;
    }
    const dependencies = dependenciesOf(call);
    const seen = call.inputs.flatMap((slot, i) => {
      const reach = reaches[graph.makers[slot]!];
      const shape = call.inputShapes[i]!;
      return reach === undefined ? [] : [reach.map((one) => pass(one, dependencies[i]!, shape))];
    });
    const output = call.outputShapes[0]!;
    reaches.push(
      seen.length === 0 ? undefined : seen.reduce((a, b) => a.map((one, i) => join(one, b[i]!, output))),
    );
  });
  return reaches;
}

function pass(reach: Reach, dependencies: readonly Dependency[], input: Shape): Reach {
  if (reach.axis === undefined) return reach;
  const dependency = dependencies[reach.axis]!;
  if (dependency === "unknown") return { axis: undefined, low: NaN, high: NaN, jump: NaN };
  if (dependency === "all") return settle(reach, input);
  const { low, high, jump } = reach;
  const { axis, size, stride, before, transposed = false } = dependency;
  if (!transposed) {
    return { axis, low: low - before * jump, high: high + (size - 1 - before) * jump, jump: jump * stride };
  }
  // A place of the output meets size / stride places of the input: in the mean, where that is no whole number.
  const middle = (low + high) / 2 + ((before - (size - 1) / 2) / stride) * jump;
  const half = (high - low + (jump * (size - stride)) / stride) / 2;
  return { axis, low: middle - half, high: middle + half, jump: jump / stride };
}

/** All that the units along an axis see together. */
function settle(reach: Reach, shape: Shape): Reach {
  const { axis, low, high, jump } = reach;
  if (axis === undefined) return reach;
  return { axis: undefined, low, high: high + ((shape[axis + 1] ?? Infinity) - 1) * jump, jump: 0 };
}

function join(a: Reach, b: Reach, output: Shape): Reach {
  const isAlike = a.axis === b.axis && a.jump === b.jump;
  const [one, other] = isAlike ? [a, b] : [settle(a, output), settle(b, output)];
  return { ...one, low: Math.min(one.low, other.low), high: Math.max(one.high, other.high) };
}

/** From the first place to the last one. */
export type Interval = readonly [first: number, last: number];

/**
 * What one unit sees of the input, exactly: the box, axis by axis, outside of which no number changes it. It is walked backwards
 * from the unit, and what lies in borders of zeros is left out. `undefined` where the unit sees nothing of that input.
 *
 * @param unit the places of the unit, axis by axis; the last ones may be left out: any channel
 */
export function fieldOfUnit(
  graph: ModelGraph,
  { call: target, unit, input }: { call: number; unit: readonly number[]; input: number },
): Interval[] | undefined {
  const wanted = new Map<number, Interval[]>();
  const shape = graph.calls[target]!.outputShapes[0]!.slice(1);
  wanted.set(
    target,
    shape.map((length, axis) => {
      const place = unit[axis];
      return place === undefined ? [0, (length ?? Infinity) - 1] : [place, place];
    }),
  );
  for (let index = target; index > input; index--) {
    const box = wanted.get(index);
    if (box === undefined) continue;
    const call = graph.calls[index]!;
    const dependencies = dependenciesOf(call);
    call.inputs.forEach((slot, i) => {
      const source = graph.makers[slot]!;
      const needed = dependencies[i]!.map((one, axis) =>
        before(one, box, call.inputShapes[i]![axis + 1] ?? Infinity),
      );
      if (needed.some(([first, last]) => first > last)) return;
      const known = wanted.get(source);
      wanted.set(source, known === undefined ? needed : needed.map((one, axis) => hull(one, known[axis]!)));
    });
  }
  return wanted.get(input);
}

/** The places of the input, of `length`, that a box of the output depends on along one of its axes. */
function before(dependency: Dependency, box: readonly Interval[], length: number): Interval {
  if (typeof dependency === "string") return [0, length - 1];
  const { axis, size, stride, before: offset, transposed = false, dilation = 1 } = dependency;
  const [first, last] = box[axis]!;
  if (transposed) {
    const [low, high] = [(first + offset - size + 1) / stride, (last + offset) / stride];
    return [Math.max(Math.ceil(low), 0), Math.min(Math.floor(high), length - 1)];
  }
  // A window with gaps that hangs over the border begins and ends where one of its places is inside.
  const over = (by: number): number => (by > 0 ? (by % dilation === 0 ? 0 : dilation - (by % dilation)) : 0);
  const from = (place: number): number =>
    Math.max(place * stride - offset, 0) + over(offset - place * stride);
  const to = (place: number): number => {
    const end = place * stride - offset + size - 1;
    return Math.min(end, length - 1) - over(end - length + 1);
  };
  const near = Math.min(last - first, dilation);
  const steps = Array.from({ length: near + 1 }, (_, i) => i);
  return [Math.min(...steps.map((i) => from(first + i))), Math.max(...steps.map((i) => to(last - i)))];
}

const hull = (a: Interval, b: Interval): Interval => [Math.min(a[0], b[0]), Math.max(a[1], b[1])];

/**
 * The axes of the input along which places lie, and not channels: those that the first kernel is moved along; without any kernel
 * all but the last one.
 */
export function placeAxes(
  graph: ModelGraph,
  input: number,
  reaches: readonly (readonly Reach[] | undefined)[],
): number[] {
  for (const call of graph.calls) {
    const dependencies = dependenciesOf(call);
    for (const [i, slot] of call.inputs.entries()) {
      const windows = (reaches[graph.makers[slot]!] ?? []).map(({ axis }) => dependencies[i]![axis ?? -1]);
      const isMoved = windows.some((one) => typeof one === "object" && (one.size > 1 || one.stride > 1));
      if (isMoved) return [...windows.keys()].filter((axis) => typeof windows[axis] === "object");
    }
  }
  return [...graph.calls[input]!.outputShapes[0]!.slice(2).keys()];
}
