import { escapeHtml } from "../../escapeHtml.ts";

interface Style {
  foreground?: string | undefined;
  background?: string | undefined;
  flags: Set<string>;
}

/** The attributes of SGR codes that switch something on; 22 to 29 switch them off again. */
const flagOf: Record<number, string> = {
  1: "bold",
  2: "dim",
  3: "italic",
  4: "underline",
  7: "inverse",
  9: "strike",
};
const offOf: Record<number, string[]> = {
  22: ["bold", "dim"],
  23: ["italic"],
  24: ["underline"],
  27: ["inverse"],
  29: ["strike"],
};

// Colours and attributes, other control sequences, links and titles (OSC), and what is left of control characters.
const sequence =
  /\x1b\[([\d;:]*)m|\x1b\[[\d;?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b.?|[\x00-\x08\x0b-\x1f]/g;

/**
 * Terminal text as HTML: colours and attributes become spans, everything else that is meant for a terminal is left out. The
 * sixteen named colours become classes (`ansi-red`, `ansi-bg-bright-blue` …), so that a page can choose readable ones for
 * light and dark; the others (ECMA-48 `38;5;n`, `38;2;r;g;b`) are written as they are.
 */
export function ansiToHtml(text: string): string {
  let html = "";
  let end = 0;
  const style: Style = { flags: new Set() };
  for (const match of text.matchAll(sequence)) {
    html += spanOf(text.slice(end, match.index), style);
    end = match.index + match[0].length;
    if (match[1] !== undefined) applyCodes(style, match[1].split(/[;:]/).map(Number));
  }
  return html + spanOf(text.slice(end), style);
}

function spanOf(text: string, { foreground, background, flags }: Style): string {
  if (text === "") return "";
  const colours = [named("", foreground), named("bg-", background)];
  const classes = [...colours.flatMap(({ name }) => name ?? []), ...[...flags].map((flag) => `ansi-${flag}`)];
  const css = [
    ...colours.flatMap(({ value }, index) =>
      value === undefined ? [] : `${index === 0 ? "color" : "background"}:${value}`,
    ),
  ];
  if (classes.length === 0 && css.length === 0) return escapeHtml(text);
  const className = classes.length > 0 ? ` class="${classes.join(" ")}"` : "";
  const inline = css.length > 0 ? ` style="${css.join(";")}"` : "";
  return `<span${className}${inline}>${escapeHtml(text)}</span>`;
}

function named(prefix: string, colour: string | undefined): { name?: string; value?: string } {
  if (colour === undefined) return {};
  return colour.startsWith("rgb") ? { value: colour } : { name: `ansi-${prefix}${colour}` };
}

function applyCodes(style: Style, codes: number[]): void {
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] ?? 0;
    if (code === 0) {
      style.flags.clear();
      style.foreground = style.background = undefined;
    } else if (flagOf[code] !== undefined) style.flags.add(flagOf[code]);
    else if (offOf[code] !== undefined) offOf[code].forEach((flag) => style.flags.delete(flag));
    else if (code === 39) style.foreground = undefined;
    else if (code === 49) style.background = undefined;
    else if (code === 38 || code === 48) {
      const [colour, length] = extendedColour(codes.slice(i + 1));
      if (code === 38) style.foreground = colour;
      else style.background = colour;
      i += length;
    } else if (code % 60 >= 30 && code % 60 <= 37 && code < 98) style.foreground = basicColour(code - 30);
    else if ((code >= 40 && code <= 47) || (code >= 100 && code <= 107))
      style.background = basicColour(code - 40);
  }
}

const colourNames = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];

/** 0-7 and, sixty later, the bright ones. */
function basicColour(index: number): string {
  return `${index >= 60 ? "bright-" : ""}${colourNames[index % 60] ?? "white"}`;
}

/** The colour after a 38 or 48, and how many codes it took. */
function extendedColour([kind, a = 0, b = 0, c = 0]: number[]): [string | undefined, number] {
  if (kind === 2) return [`rgb(${a},${b},${c})`, 4];
  if (kind !== 5) return [undefined, 0];
  if (a < 8) return [basicColour(a), 2];
  if (a < 16) return [basicColour(a - 8 + 60), 2];
  if (a >= 232) return [rgb(Array.from({ length: 3 }, () => 8 + (a - 232) * 10)), 2];
  const cube = a - 16;
  const levels = [Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6];
  return [rgb(levels.map((level) => (level === 0 ? 0 : 55 + level * 40))), 2];
}

function rgb(values: number[]): string {
  return `rgb(${values.join(",")})`;
}
