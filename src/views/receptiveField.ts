import { InputError } from "../errors.ts";
import { findLayer } from "../inspect/findLayer.ts";
import { nestedModel, openModel, type ModelGraph } from "../inspect/modelGraph.ts";
import { readPictureValues } from "../inspect/pictureValues.ts";
import { fieldOfUnit, placeAxes, receptiveFields } from "../inspect/receptiveFields.ts";
import type { Model, Tensor } from "../inspect/tensors.ts";
import { drawReceptiveField } from "./receptiveFieldPicture.ts";
import { createDrawingView } from "./drawingView.ts";
import type { View } from "./view.ts";

/** How {@link receptiveField} looks at a layer. */
export interface ReceptiveFieldOptions {
  /** The unit, by row and column of the layer's output. Default: the one in the middle. */
  unit?: readonly number[];
  /** A picture to draw the box on, `[height, width, channels]` or `[1, height, width, channels]`. Default: an empty page. */
  image?: Tensor;
  /** Which input of the model, by name or index, where there are several. Default: the first. */
  input?: string | number;
  /** Default: the name of the layer. */
  title?: string;
}

/** What a unit sees. Rows first, then columns; a sequence has steps alone. */
export interface ReceptiveFieldData {
  layer: string;
  /** The places of the layer's output, and of the input. */
  outputSize: number[];
  inputSize: number[];
  unit: number[];
  /** The box on the input, first and last place of each axis. */
  box: [first: number, last: number][];
  /** How many places a unit sees where no border is in the way; NaN behind layers that nobody has told us about. */
  size: number[];
  /** How far apart the boxes of two neighbours are; 0 where all units see the same. */
  stride: number[];
  /** Whether the border of the input cuts the box. */
  cut: boolean;
}

const who = "receptiveField";

/**
 * Shows what part of its input one unit of a layer can depend on: a box on the picture, and its numbers. It is computed from the layers'
 * kernels, strides and paddings, through every branch; outside of the box no pixel can change the unit.
 *
 * ```ts
 * const model = tf.sequential({ layers: [tf.layers.conv2d({ inputShape: [28, 28, 1], filters: 4, kernelSize: 5, name: "conv" })] });
 * receptiveField(model, "conv", { unit: [0, 3] }).data.box; // [[0, 4], [3, 7]]
 * ```
 *
 * @param layer its name or index (negative: from the end); one of a nested model by its own name
 * @param options see {@link ReceptiveFieldOptions}; all have defaults
 * @throws InputError for a layer that is not there or does not depend on the input, a unit outside of its output, an input of lengths
 *   that are not known, a picture of another size
 */
export function receptiveField(
  model: Model,
  layer: string | number,
  { unit, image, input = 0, title }: ReceptiveFieldOptions = {},
): View<ReceptiveFieldData> {
  const { layer: target } = findLayer(model, layer, who);
  const nested = nestedModel(target);
  const graph = openModel(model, who);
  // What a nested model gives is what its last layer does.
  const calls = [...graph.calls.keys()].filter((index) => {
    const { layer: own, within } = graph.calls[index]!;
    return own === target || (nested !== undefined && within.includes(nested));
  });
  const data = look(graph, { layer: target.name, input: findInput(graph, input), calls, unit });
  const picture = image === undefined ? undefined : readPicture(image, data);
  const name = title ?? `Receptive field of ${target.name}`;
  const finding = describe(data);
  return createDrawingView({
    data,
    text: `${name}: ${finding}`,
    alt: `${name}: ${finding}`,
    draw: () => drawReceptiveField(data, picture, { title: name, finding }),
  });
}

function findInput({ calls }: ModelGraph, wanted: string | number): number {
  const inputs = [...calls.keys()].filter((index) => calls[index]!.inputs.length === 0);
  const found =
    typeof wanted === "number" ? inputs[wanted] : inputs.find((i) => calls[i]!.layer.name === wanted);
  if (found !== undefined) return found;
  const names = inputs.map((index) => calls[index]!.layer.name);
  const expected = `an input of the model: ${names.join(", ")}, or its index`;
  throw new InputError({ who, expected, found: JSON.stringify(wanted) });
}

function look(
  graph: ModelGraph,
  {
    layer,
    input,
    calls,
    unit: wanted,
  }: { layer: string; input: number; calls: readonly number[]; unit: readonly number[] | undefined },
): ReceptiveFieldData {
  const reaches = receptiveFields(graph, input);
  // Of several uses, the last one that sees this input.
  const call = calls.findLast((index) => reaches[index] !== undefined);
  const reach = call === undefined ? undefined : reaches[call];
  if (call === undefined || reach === undefined) {
    const found = `"${layer}"`;
    throw new InputError({
      who,
      expected: `a layer that depends on "${graph.calls[input]!.layer.name}"`,
      found,
    });
  }
  const axes = placeAxes(graph, input, reaches);
  const inputSize = axes.map((axis) => graph.calls[input]!.outputShapes[0]![axis + 1] ?? NaN);
  const own = axes.map((axis) => reach[axis]!);
  const output = graph.calls[call]!.outputShapes[0]!.slice(1);
  // The axes of the output along which the units move over the input; behind a Flatten there are none.
  const moving = own.map(({ axis }) => axis).filter((axis) => axis !== undefined);
  const outputSize = moving.map((axis) => output[axis] ?? NaN);
  if (inputSize.length === 0) {
    const found = `"${graph.calls[input]!.layer.name}" with none`;
    throw new InputError({ who, expected: "an input with places: pictures or sequences", found });
  }
  if ([...inputSize, ...outputSize].some(Number.isNaN)) {
    const fix = "make the model with an inputShape of numbers";
    throw new InputError({
      who,
      expected: "an input with places of known number",
      found: "lengths of null",
      fix,
    });
  }
  const unit =
    wanted === undefined ? outputSize.map((size) => size >> 1) : checkUnit(wanted, outputSize, layer);
  const places: (number | undefined)[] = [];
  moving.forEach((axis, i) => (places[axis] = unit[i]));
  const box = fieldOfUnit(graph, { call, unit: places as number[], input });
  if (box === undefined) {
    throw new InputError({
      who,
      expected: "a unit that sees the input",
      found: `[${unit.join(", ")}], which sees the border alone`,
    });
  }
  const size = own.map(({ low, high }) => Math.ceil(high - low + 1));
  const seen = axes.map((axis): [number, number] => [...box[axis]!]);
  return {
    layer,
    outputSize,
    inputSize,
    unit,
    box: seen,
    size,
    stride: own.map(({ jump }) => jump),
    cut: seen.some(([first, last], i) => last - first + 1 < size[i]!),
  };
}

function checkUnit(unit: readonly number[], sizes: readonly number[], layer: string): number[] {
  const isInside = (place: number, i: number): boolean =>
    Number.isInteger(place) && place >= 0 && place < sizes[i]!;
  if (unit.length === sizes.length && unit.every(isInside)) return [...unit];
  throw new InputError({
    who,
    expected:
      sizes.length === 0 ? `no unit: all of "${layer}" see the same` : `unit: a place in ${sizes.join("×")}`,
    found: `[${unit.join(", ")}]`,
  });
}

function readPicture(image: Tensor, { inputSize }: ReceptiveFieldData) {
  const [picture] = readPictureValues(image, who, image.rank === 2 ? 2 : 3);
  if (picture !== undefined && picture.height === inputSize[0] && picture.width === inputSize[1])
    return picture;
  throw new InputError({
    who,
    expected: `an image of ${inputSize.join("×")}`,
    found: `[${image.shape.join(", ")}]`,
    fix: "resize it: loadImage(path, { targetSize: [height, width] })",
  });
}

/** "a unit sees 14×14 of 32×32 pixels, 2 apart; unit [5, 5]: rows 8 to 21, columns 8 to 21" */
function describe({ size, inputSize, stride, unit, box, cut }: ReceptiveFieldData): string {
  const names = inputSize.length === 2 ? ["rows", "columns"] : ["steps"];
  const spans = box.map(
    ([first, last], i) => `${names[i] ?? `axis ${String(i)}`} ${String(first)} to ${String(last)}`,
  );
  const apart = [...new Set(stride)].map((step) => String(Math.round(100 * step) / 100)).join("×");
  const isKnown = !size.some(Number.isNaN);
  const parts = [
    isKnown
      ? `a unit sees ${size.join("×")} of ${inputSize.join("×")}`
      : "a layer before it is not known to us",
    isKnown && stride.some((step) => step > 0) && `neighbours ${apart} apart`,
    `${unit.length > 0 ? `unit [${unit.join(", ")}]` : "every unit"}: ${spans.join(", ")}`,
    cut && "cut by the border",
  ];
  return parts.filter((part) => part !== false).join("; ");
}
