import { tenth } from "./drawing.ts";

/** A box to be placed. */
export interface Box {
  width: number;
  height: number;
}

/** Where boxes lie and edges run: what flows, flows from left to right, and where a row is full on in the next one. */
export interface Layout {
  width: number;
  height: number;
  /** The middle of each box, and its row. */
  places: { x: number; y: number; row: number }[];
  /** The line of each edge as an SVG path. */
  routes: string[];
}

/** A box, or the place where a longer edge passes other boxes. */
interface Item {
  rank: number;
  height: number;
  width: number;
  y: number;
  from: Item[];
  to: Item[];
}

const gap = { columns: 30, items: 16, rows: 34, lanes: 6 };
const passHeight = 6;
/** A row may be so much longer than asked for, when that spares a short one. */
const slack = 1.15;
const sweeps = 12;

/**
 * Places the boxes of a graph in columns, each to the right of what it takes from, with the lines around one another where they can be,
 * and breaks the columns into rows of about `maxWidth`, where few lines cross the break.
 *
 * Columns by longest path, order within them by the means of neighbours, heights by least squares that keep the order: the method of
 * Sugiyama, Tagawa and Toda (1981) in its simplest form.
 *
 * @param edges pairs of indices of boxes; the first one comes before the second
 */
export function layeredLayout(
  boxes: readonly Box[],
  edges: readonly (readonly [number, number])[],
  { maxWidth }: { maxWidth: number },
): Layout {
  const ranks = rankBoxes(boxes.length, edges);
  const items = boxes.map((box, i): Item => ({ ...box, rank: ranks[i]!, y: 0, from: [], to: [] }));
  const chains = edges.map(([from, to]) => chainOf(items[from]!, items[to]!));
  const all = [...new Set([...items, ...chains.flat()])];
  const columns: Item[][] = Array.from({ length: Math.max(0, ...ranks) + 1 }, () => []);
  for (const item of all) columns[item.rank]!.push(item);
  orderColumns(columns);
  for (let sweep = 0; sweep < sweeps; sweep++) alignColumns(columns, sweep % 2 === 0);

  const widths = columns.map((column) => Math.max(...column.map(({ width }) => width)));
  const rows = breakRows(columns, widths, maxWidth);
  return place(items, chains, columns, widths, rows);
}

/** The length of the longest way to each box; what takes nothing stands just before what takes it. */
function rankBoxes(count: number, edges: readonly (readonly [number, number])[]): number[] {
  const ranks = new Array<number>(count).fill(0);
  const inOrder = edges.toSorted(([, a], [, b]) => a - b);
  for (const [from, to] of inOrder) ranks[to] = Math.max(ranks[to]!, ranks[from]! + 1);
  const taking = new Set(edges.map(([, to]) => to));
  for (let box = 0; box < count; box++) {
    const followers = edges.filter(([from]) => from === box).map(([, to]) => ranks[to]!);
    if (!taking.has(box) && followers.length > 0) ranks[box] = Math.min(...followers) - 1;
  }
  return ranks;
}

/** The box, the places where the edge passes columns, the other box. */
function chainOf(from: Item, to: Item): Item[] {
  const chain = [from];
  for (let rank = from.rank + 1; rank < to.rank; rank++) {
    chain.push({ rank, height: passHeight, width: 0, y: 0, from: [], to: [] });
  }
  chain.push(to);
  for (let i = 1; i < chain.length; i++) {
    chain[i - 1]!.to.push(chain[i]!);
    chain[i]!.from.push(chain[i - 1]!);
  }
  return chain;
}

/** Sorts each column by where its neighbours stand in the one before, then in the one after. */
function orderColumns(columns: Item[][]): void {
  for (let sweep = 0; sweep < 6; sweep++) {
    const forward = sweep % 2 === 0;
    const order = forward ? columns : columns.toReversed();
    for (const column of order) column.forEach((item, i) => (item.y = i - (column.length - 1) / 2));
    for (const column of order) {
      const means = new Map(column.map((item) => [item, mean(forward ? item.from : item.to) ?? item.y]));
      column.sort((a, b) => means.get(a)! - means.get(b)!);
      column.forEach((item, i) => (item.y = i - (column.length - 1) / 2));
    }
  }
}

const mean = (items: readonly Item[]): number | undefined =>
  items.length === 0 ? undefined : items.reduce((sum, { y }) => sum + y, 0) / items.length;

/** Moves the items of each column as near to their neighbours' heights as the order and the gaps allow. */
function alignColumns(columns: readonly Item[][], forward: boolean): void {
  for (const column of forward ? columns : columns.toReversed()) {
    // The distance from the first item to each one where all stand as close as they may.
    const offsets: number[] = [];
    column.forEach((item, i) => {
      const above = column[i - 1];
      offsets.push(i === 0 ? 0 : offsets[i - 1]! + (above!.height + item.height) / 2 + gap.items);
    });
    const wanted = column.map((item, i) => {
      const neighbours = forward ? item.from : item.to;
      return (mean(neighbours) ?? mean([...item.from, ...item.to]) ?? item.y) - offsets[i]!;
    });
    isotonic(wanted).forEach((value, i) => (column[i]!.y = value + offsets[i]!));
  }
}

/** The rising sequence nearest to some numbers by least squares: neighbours that fall are replaced by their mean. */
function isotonic(values: readonly number[]): number[] {
  const blocks: { sum: number; count: number }[] = [];
  for (const value of values) {
    let block = { sum: value, count: 1 };
    while (blocks.length > 0 && blocks.at(-1)!.sum / blocks.at(-1)!.count > block.sum / block.count) {
      const before = blocks.pop()!;
      block = { sum: before.sum + block.sum, count: before.count + block.count };
    }
    blocks.push(block);
  }
  return blocks.flatMap(({ sum, count }) => new Array<number>(count).fill(sum / count));
}

/** The number of the row of each column: rows of about one length, broken where few lines cross. */
function breakRows(columns: readonly Item[][], widths: readonly number[], maxWidth: number): number[] {
  const steps = widths.map((width) => width + gap.columns);
  const total = steps.reduce((sum, step) => sum + step, 0);
  const target = total / Math.ceil(total / (maxWidth * slack));
  const crossings = columns.map((column) => column.filter(({ to }) => to.length > 0).length);
  // The cheapest way to break all columns before each one, and where its last row begins.
  const best = [{ cost: 0, start: 0 }];
  for (let end = 1; end <= columns.length; end++) {
    let length = 0;
    let found = { cost: Infinity, start: end - 1 };
    for (let start = end - 1; start >= 0; start--) {
      length += steps[start]!;
      if (length > maxWidth * slack && start < end - 1) break;
      const crossed = end === columns.length ? 0 : 0.3 * (crossings[end - 1]! - 1);
      const cost = best[start]!.cost + (length / target - 1) ** 2 + crossed;
      if (cost < found.cost) found = { cost, start };
    }
    best.push(found);
  }
  const starts: number[] = [];
  for (let end = columns.length; end > 0; end = best[end]!.start) starts.unshift(best[end]!.start);
  return columns.map((_, column) => starts.filter((start) => start <= column).length - 1);
}

function place(
  boxes: readonly Item[],
  chains: readonly Item[][],
  columns: readonly Item[][],
  widths: readonly number[],
  rows: readonly number[],
): Layout {
  const rowCount = (rows.at(-1) ?? 0) + 1;
  const margin = gap.columns;
  const middles: number[] = [];
  const rowRights = new Array<number>(rowCount).fill(0);
  widths.forEach((width, column) => {
    const row = rows[column]!;
    const left = rowRights[row] === 0 ? margin : rowRights[row]! + gap.columns;
    middles.push(left + width / 2);
    rowRights[row] = left + width;
  });
  // What goes on in the next row has a lane of its own there; all lines from one box share theirs.
  const lanes = new Array<number>(rowCount).fill(0);
  const laneOf = new Map<Item, number>();
  for (const chain of chains) {
    for (let i = 1; i < chain.length; i++) {
      const before = chain[i - 1]!;
      const row = rows[before.rank]!;
      if (rows[chain[i]!.rank] !== row && !laneOf.has(before)) laneOf.set(before, lanes[row]!++);
    }
  }
  // Each row is as high as what stands in it.
  let top = 0;
  const shifts: number[] = [];
  const bottoms: number[] = [];
  for (let row = 0; row < rowCount; row++) {
    const inRow = columns.filter((_, column) => rows[column] === row).flat();
    const least = Math.min(...inRow.map(({ y, height }) => y - height / 2));
    const most = Math.max(...inRow.map(({ y, height }) => y + height / 2));
    shifts.push(top - least);
    bottoms.push(top + most - least);
    top += most - least + gap.rows + lanes[row]! * gap.lanes;
  }

  const at = (item: Item): { x: number; y: number } => ({
    x: middles[item.rank]!,
    y: item.y + shifts[rows[item.rank]!]!,
  });
  const route = (chain: readonly Item[]): string =>
    chain.reduce((path, item, i) => {
      const { x, y } = at(item);
      const left = x - (item.width === 0 ? widths[item.rank]! : item.width) / 2;
      const right = x + (item.width === 0 ? widths[item.rank]! : item.width) / 2;
      if (i === 0) return `M${tenth(right)} ${tenth(y)}`;
      const before = chain[i - 1]!;
      const start = at(before);
      const row = rows[before.rank]!;
      const onward = i === chain.length - 1 ? "" : `H${tenth(right)}`;
      if (rows[item.rank] === row) {
        const from = start.x + (before.width === 0 ? widths[before.rank]! : before.width) / 2;
        const middle = tenth((from + left) / 2);
        return `${path}C${middle} ${tenth(start.y)} ${middle} ${tenth(y)} ${tenth(left)} ${tenth(y)}${onward}`;
      }
      const lane = laneOf.get(before)!;
      const [out, back] = [rowRights[row]! + 10 + lane * gap.lanes, margin - 12 - lane * gap.lanes];
      const between = bottoms[row]! + gap.rows / 2 + lane * gap.lanes;
      return `${path}H${tenth(out)}V${tenth(between)}H${tenth(Math.max(back, 2))}V${tenth(y)}H${tenth(left)}${onward}`;
    }, "");
  const routes = chains.map(route);
  const mostLanes = Math.max(0, ...lanes);
  return {
    width: Math.max(...rowRights) + margin + mostLanes * gap.lanes,
    height: Math.max(...bottoms),
    places: boxes.map((item) => ({ ...at(item), row: rows[item.rank]! })),
    routes,
  };
}
