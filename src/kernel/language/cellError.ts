/**
 * Found in a cell before it runs: a syntax error, an assignment to a constant. The place is an offset in the cell's own
 * text, in UTF-16 units.
 */
export class CellError extends Error {
  readonly offset: number;
  readonly hint: string | undefined;

  constructor(
    message: string,
    offset: number,
    { name = "SyntaxError", hint }: { name?: string; hint?: string | undefined } = {},
  ) {
    super(message);
    this.name = name;
    this.offset = offset;
    this.hint = hint;
  }
}
