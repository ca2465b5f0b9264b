/** What TypeScript has to say about a cell. Offsets are in UTF-16 units of the cell's text. */
export interface Diagnostic {
  /** The number that TypeScript documents it by, as 2322 in `TS2322`. */
  code: number;
  category: "error" | "warning" | "suggestion" | "message";
  /** May have several lines, each the reason of the one before. */
  message: string;
  start: number;
  length: number;
}
