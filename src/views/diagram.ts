import { InputError } from "../errors.ts";
import { notBuilt } from "../inspect/modelGraph.ts";
import { layerBlocks, type BlockKind, type LayerBlock } from "../inspect/layerBlocks.ts";
import type { Model } from "../inspect/tensors.ts";
import { quietInk, rectangle, tenth, type Drawing, type Mark } from "../render/drawing.ts";
import { layeredLayout, type Layout } from "../render/layeredLayout.ts";
import { textColumns } from "../render/table.ts";
import { blockColors, blockPicture, type BlockPicture, type DiagramStyle } from "./diagramBlocks.ts";
import { createDrawingView } from "./drawingView.ts";
import type { View } from "./view.ts";

/** How {@link diagram} draws a model. */
export interface DiagramOptions {
  /**
   * `"2d"` (default): maps behind one another, as the paper of LeNet draws them; `"isometric"`: blocks, as thick as there are
   * channels, as those about VGG do.
   */
  style?: DiagramStyle;
  /** Draws the layers of nested models instead of one block for each. Default false. */
  expandNested?: boolean;
  /** Draws a layer that changes no shape (an activation, a normalization, dropout) as part of the one before it. Default true. */
  compact?: boolean;
  /** About how wide the drawing becomes, in pixels, before it goes on in a new row. Default 1000. */
  width?: number;
  /** Default: the name of the model. */
  title?: string;
}

/** The numbers behind the picture of {@link diagram}. */
export interface DiagramData {
  style: DiagramStyle;
  /** What is drawn, each after what it takes from. */
  blocks: LayerBlock[];
}

const who = "diagram";
const margin = { top: 58, bottom: 16, side: 10 };
const leastWidth = 200;

/**
 * Draws the layers of a model with the dimensions of what they give: from left to right, branches and skip connections beside one
 * another, in several rows where one would be too long. The SVG can be made as large as one likes.
 *
 * ```ts
 * const model = tf.sequential({ layers: [tf.layers.conv2d({ inputShape: [28, 28, 1], filters: 6, kernelSize: 5 })] });
 * await diagram(model, { style: "isometric" }).save("model.svg");
 * ```
 *
 * @param model a model that knows the shape of its input
 * @param options see {@link DiagramOptions}; all have defaults
 * @throws InputError for a model without input shape, or an unknown style
 */
export function diagram(
  model: Model,
  {
    style = "2d",
    expandNested = false,
    compact = true,
    width = 1000,
    title = model.name,
  }: DiagramOptions = {},
): View<DiagramData> {
  if (style !== "2d" && style !== "isometric") {
    throw new InputError({ who, expected: 'style: "2d" or "isometric"', found: JSON.stringify(style) });
  }
  if (!(width >= leastWidth)) {
    throw new InputError({ who, expected: `width of at least ${String(leastWidth)}`, found: String(width) });
  }
  const blocks = layerBlocks(model, { expandNested, compact });
  if (blocks === undefined) throw notBuilt(model, who);
  const finding = `${title}: ${describe(model, blocks)}`;
  return createDrawingView({
    data: { style, blocks },
    text: `${finding}\n${listBlocks(blocks)}`,
    alt: finding,
    draw: () => drawDiagram(blocks, { style, width, title, finding }),
  });
}

/** "8 layers, 1 input of 28×28×1, 1 output of 10, 2 merges" */
function describe(model: Model, blocks: readonly LayerBlock[]): string {
  const shapes = (tensors: readonly { shape: readonly (number | null)[] }[]): string =>
    tensors
      .map(({ shape }) =>
        shape
          .slice(1)
          .map((length) => length ?? "?")
          .join("×"),
      )
      .join(" and ");
  const merges = blocks.filter(({ kind }) => kind === "merge").length;
  const branches =
    merges === 0 ? "" : `, branches joined ${merges === 1 ? "once" : `${String(merges)} times`}`;
  return `${String(model.layers.length)} layers, from ${shapes(model.inputs)} to ${shapes(model.outputs)}${branches}`;
}

function listBlocks(blocks: readonly LayerBlock[]): string {
  return textColumns(
    blocks.map(({ name, does, shape, inputs }, i) => [
      name,
      shape.map((length) => length ?? "?").join("×"),
      does.join(" · "),
      inputs.length === 0 || (inputs.length === 1 && inputs[0] === i - 1)
        ? ""
        : `from ${inputs.map((input) => blocks[input]!.name).join(", ")}`,
    ]),
  );
}

const kindNames: Record<BlockKind, string> = {
  input: "input",
  convolution: "convolution",
  pooling: "pooling",
  dense: "dense",
  merge: "joins branches",
  model: "nested model",
  other: "other",
};

function drawDiagram(
  blocks: readonly LayerBlock[],
  { style, width, title, finding }: { style: DiagramStyle; width: number; title: string; finding: string },
): Drawing {
  const lengths = blocks.flatMap(({ shape }) => (shape.length < 2 ? [] : shape.slice(0, -1)));
  const largest = Math.max(1, ...lengths.map((length) => length ?? 1));
  const pictures = blocks.map((block) => blockPicture(block, style, largest));
  const edges = blocks.flatMap(({ inputs }, to) => inputs.map((from): [number, number] => [from, to]));
  const layout = layeredLayout(pictures, edges, { maxWidth: width });
  const legend = legendOf(blocks);
  const shift = { x: margin.side, y: margin.top };
  const places = layout.places.map(({ x, y, row }) => ({ x: x + shift.x, y: y + shift.y, row }));
  const marks: Mark[] = [
    { text: title, x: margin.side, y: 22, size: 15, bold: true },
    ...legend.marks,
    ...groupMarks(blocks, pictures, places),
    ...edges.flatMap(([from, to], i) => edgeMarks(layout.routes[i]!, shift, [from, to], places, pictures)),
    ...pictures.flatMap((picture, i) => picture.marks(places[i]!.x, places[i]!.y)),
  ];
  return {
    width: Math.ceil(
      Math.max(layout.width + 2 * margin.side, legend.width, title.length * 10 + 2 * margin.side),
    ),
    height: Math.ceil(layout.height + margin.top + margin.bottom),
    title: finding,
    marks,
  };
}

function legendOf(blocks: readonly LayerBlock[]): { width: number; marks: Mark[] } {
  const kinds = (Object.keys(kindNames) as BlockKind[]).filter((kind) =>
    blocks.some((block) => block.kind === kind),
  );
  let x = margin.side;
  const marks = kinds.flatMap((kind): Mark[] => {
    const [fill, stroke] = blockColors[kind];
    const own: Mark[] = [
      { d: rectangle(x, 33, 10, 10), fill, stroke },
      { text: kindNames[kind], x: x + 15, y: 42, size: 11, fill: quietInk },
    ];
    x += 31 + kindNames[kind].length * 6.6;
    return own;
  });
  return { width: x, marks };
}

/** The line, with what is missing between the room of a block and its body, and an arrow head. */
function edgeMarks(
  route: string,
  shift: { x: number; y: number },
  [from, to]: readonly [number, number],
  places: readonly { x: number; y: number }[],
  pictures: readonly BlockPicture[],
): Mark[] {
  const start = places[from]!;
  const end = places[to]!;
  const tail = start.x + pictures[from]!.bodyWidth / 2;
  const head = end.x - pictures[to]!.bodyWidth / 2;
  const line = `M${tenth(tail)} ${tenth(start.y)}${moved(route, shift).replace("M", "L")}H${tenth(head - 1)}`;
  const arrow = `M${tenth(head)} ${tenth(end.y)}l-6 -3v6z`;
  return [
    { d: line, stroke: quietInk, strokeWidth: 1.1, opacity: 0.75 },
    { d: arrow, fill: quietInk },
  ];
}

/** A path with all its points moved. */
function moved(path: string, { x, y }: { x: number; y: number }): string {
  return path.replace(/([MLCHV])([-\d. ]+)/g, (_, command: string, numbers: string) => {
    const values = numbers.trim().split(" ").map(Number);
    const by = (i: number): number => (command === "V" ? y : command === "H" ? x : i % 2 === 0 ? x : y);
    return `${command}${values.map((value, i) => tenth(value + by(i))).join(" ")}`;
  });
}

/** A tint behind the layers of each nested model, in each row by itself. */
function groupMarks(
  blocks: readonly LayerBlock[],
  pictures: readonly BlockPicture[],
  places: Layout["places"],
): Mark[] {
  const groups = new Map<string, number[]>();
  blocks.forEach(({ within }, i) => {
    within.forEach((_, depth) => {
      const key = `${String(places[i]!.row)}/${within.slice(0, depth + 1).join("/")}`;
      groups.set(key, [...(groups.get(key) ?? []), i]);
    });
  });
  return [...groups].flatMap(([key, members]): Mark[] => {
    const edges = members.map((i) => {
      const { x, y } = places[i]!;
      const { width, height } = pictures[i]!;
      return { left: x - width / 2, right: x + width / 2, top: y - height / 2, bottom: y + height / 2 };
    });
    const left = Math.min(...edges.map((edge) => edge.left)) - 8;
    const right = Math.max(...edges.map((edge) => edge.right)) + 8;
    const top = Math.min(...edges.map((edge) => edge.top)) - 6;
    const bottom = Math.max(...edges.map((edge) => edge.bottom)) + 6;
    const [fill, stroke] = blockColors.model;
    const area = rectangle(left, top, right - left, bottom - top);
    return [
      { d: area, fill, opacity: 0.3 },
      { d: area, stroke, dash: [3, 3], opacity: 0.8 },
      { text: key.split("/").at(-1)!, x: left + 4, y: top + 10, size: 10, bold: true, fill: stroke },
    ];
  });
}
