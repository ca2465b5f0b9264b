import { inspect } from "node:util";
import { htmlTable } from "../htmlTable.ts";

/** How many rows a table shows: the first ones and, where there are more, the last ones. */
const maxRows = 60;
const rowsAtEnd = 10;
const maxColumns = 30;
const maxCellText = 80;

/** Records as an HTML table with the number of each row. Long tables show both ends; the caption says how long they are. */
export function recordTable(rows: readonly object[], total = rows.length): string {
  const names = columnNames(rows);
  const shownNames = names.slice(0, maxColumns);
  const shownRows = endsOf(rows);
  const columns = shownNames.map((name) => {
    const values = shownRows.map(([, row]) => ownValue(row, name));
    return {
      name,
      cells: values.map(cellText),
      align: areNumbers(values) ? ("right" as const) : ("left" as const),
    };
  });
  const cut = names.length > maxColumns;
  const body = shownRows.map(([number], index) => [
    String(number),
    ...columns.map(({ cells }) => cells[index]!),
    ...(cut ? ["…"] : []),
  ]);
  if (shownRows.length < rows.length) {
    body.splice(
      maxRows - rowsAtEnd,
      0,
      Array.from({ length: body[0]!.length }, () => "…"),
    );
  }
  return htmlTable(
    [
      { header: "", align: "right" },
      ...columns.map(({ name, align }) => ({ header: cutCell(name), align })),
      ...(cut ? [{ header: "…" }] : []),
    ],
    body,
    `${count(total, "row")} × ${count(names.length, "column")}${total > shownRows.length ? `, ${shownRows.length} rows shown` : ""}`,
  );
}

function columnNames(rows: readonly object[]): string[] {
  const names = new Set<string>();
  for (const row of rows) for (const name of Object.keys(row)) names.add(name);
  return [...names];
}

/** The rows that are shown, with their numbers. */
function endsOf(rows: readonly object[]): [number: number, row: object][] {
  const numbered = (from: number, to?: number): [number, object][] =>
    rows.slice(from, to).map((row, index) => [from + index, row]);
  if (rows.length <= maxRows) return numbered(0);
  return [...numbered(0, maxRows - rowsAtEnd), ...numbered(rows.length - rowsAtEnd)];
}

/** A property without running its getter, which may throw or take long. */
function ownValue(row: object, name: string): unknown {
  const property = Object.getOwnPropertyDescriptor(row, name);
  return property?.get === undefined ? property?.value : getter;
}

const getter = { [inspect.custom]: (): string => "[Getter]" };

function areNumbers(values: readonly unknown[]): boolean {
  const present = values.filter((value) => value !== undefined && value !== null);
  return (
    present.length > 0 && present.every((value) => typeof value === "number" || typeof value === "bigint")
  );
}

function cellText(value: unknown): string {
  if (value === undefined) return "";
  if (typeof value === "string") return cutCell(value);
  if (typeof value === "bigint") return String(value);
  const text = inspect(value, { depth: 1, breakLength: Infinity, maxArrayLength: 6, maxStringLength: 40 });
  return cutCell(text);
}

function cutCell(text: string): string {
  const line = text.slice(0, 4 * maxCellText).replace(/\s+/g, " ");
  return line.length > maxCellText || text.length > 4 * maxCellText ? `${line.slice(0, maxCellText)}…` : line;
}

function count(number: number, thing: string): string {
  return `${number.toLocaleString("en")} ${thing}${number === 1 ? "" : "s"}`;
}
