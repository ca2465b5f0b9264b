import { colorMapTables } from "./colorMapTables.ts";

/** The colour maps by name; `rdbu` runs from blue (negative) over white to red (positive). */
export type ColorMapName = keyof typeof colorMapTables;

export const colorMapNames = Object.keys(colorMapTables) as ColorMapName[];

const tables = new Map<ColorMapName, Uint8Array>();

/** The 256 colours of a map, low values first: 768 bytes red, green, blue. The same array every time: do not write to it. */
export function colorMap(name: ColorMapName): Uint8Array {
  let table = tables.get(name);
  if (table === undefined) tables.set(name, (table = Buffer.from(colorMapTables[name], "base64")));
  return table;
}
