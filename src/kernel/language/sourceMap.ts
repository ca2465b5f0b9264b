import remapping, { type EncodedSourceMap } from "@jridgewell/remapping";
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import type MagicString from "magic-string";

/** A place in a text: line from 1, column from 0, in UTF-16 units. */
export interface Position {
  line: number;
  column: number;
}

/** From the text of a cell to the script that runs: some steps, each with its map, joined when the first error asks. */
export function joinMaps(last: MagicString, before: EncodedSourceMap[]): TraceMap {
  const map = last.generateMap({ hires: "boundary", source: "script" });
  const joined = remapping(
    [{ ...map, version: 3, sources: ["stripped"] } as EncodedSourceMap, ...before],
    () => null,
  );
  return new TraceMap(joined as never);
}

/** The place in the source that a place in the script came from; undefined for what the kernel added. */
export function toSource(map: TraceMap, position: Position): Position | undefined {
  const { line, column } = originalPositionFor(map, position);
  return line === null ? undefined : { line, column };
}

export function offsetOf(text: string, { line, column }: Position): number {
  let offset = 0;
  for (let i = 1; i < line; i++) offset = text.indexOf("\n", offset) + 1;
  return offset + column;
}

export function positionOf(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf("\n") + 1;
  return { line: before.split("\n").length, column: offset - lineStart };
}
