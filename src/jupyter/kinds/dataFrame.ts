import { recordTable } from "../recordTable.ts";
import { hasMethod, type Kind } from "./kind.ts";

interface DataFrame {
  readonly height?: number;
  head(rows: number): DataFrame;
  toRecords(): object[];
}

const maxRows = 60;

/** Data frames that give their rows as records. */
export const dataFrame: Kind<DataFrame> = {
  is: (value): value is DataFrame => hasMethod(value, "head") && hasMethod(value, "toRecords"),
  render(value) {
    const rows = value.head(maxRows).toRecords();
    return { "text/html": recordTable(rows, value.height ?? rows.length) };
  },
};
