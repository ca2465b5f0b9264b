/** The look of a notebook's page: one column of prose with a narrow margin for numbers and times, in light and dark. */
export const style = `
:root {
  color-scheme: light dark;
  --paper: #ffffff; --ink: #1d2126; --quiet: #69717c; --line: #e4e7eb; --code: #f6f8fa; --accent: #2f6fb7;
  --plate: #ffffff; --warn: #fff6e3; --warn-line: #e0a63a; --bad: #fdf0ef; --bad-line: #d0473d;
  --keyword: #9333a8; --string: #2c7a3f; --number: #b3541e; --comment: #79818c; --title: #2a62b0; --type: #0f7285;
  --ansi-black: #24292f; --ansi-red: #c22f2a; --ansi-green: #217a34; --ansi-yellow: #8f6200; --ansi-blue: #1d5fc2;
  --ansi-magenta: #8a3fc0; --ansi-cyan: #0f7285; --ansi-white: #69717c;
  --sans: ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", "DejaVu Sans", sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #15181c; --ink: #dfe3e8; --quiet: #939ca8; --line: #2c323a; --code: #1c2026; --accent: #79b5f2;
    --plate: #ffffff; --warn: #2b2415; --warn-line: #b88a34; --bad: #2d1b1b; --bad-line: #e0675f;
    --keyword: #d29bf0; --string: #8fce9b; --number: #eda373; --comment: #838d99; --title: #8cc0f7; --type: #6fcbdb;
    --ansi-black: #939ca8; --ansi-red: #f48b84; --ansi-green: #8fce9b; --ansi-yellow: #e2bb62; --ansi-blue: #8cc0f7;
    --ansi-magenta: #d29bf0; --ansi-cyan: #6fcbdb; --ansi-white: #dfe3e8;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1.0625rem/1.62 var(--sans); overflow-wrap: break-word; }
main { width: min(64rem, 100%); margin: 0 auto; padding: 3.5rem 1.5rem 2rem; }
.cell { display: grid; grid-template-columns: 3.75rem minmax(0, 1fr); column-gap: 1rem; margin: 0 0 1.1rem; }
.margin { text-align: right; color: var(--quiet); font: .78rem/1.35 var(--mono); padding-top: .82rem; }
.prompt, .time { display: block; white-space: nowrap; }
.time { font: .7rem/1.5 var(--sans); opacity: .85; }
.prose { max-width: 43rem; }
.prose > :first-child { margin-top: 0; }
.prose > :last-child { margin-bottom: 0; }
h1, h2, h3, h4, h5, h6 { line-height: 1.25; font-weight: 650; letter-spacing: -.012em; margin: 2.2em 0 .6em; text-wrap: balance; }
h1 { font-size: 2.15rem; margin-top: 0; } h2 { font-size: 1.5rem; } h3 { font-size: 1.2rem; } h4, h5, h6 { font-size: 1.0625rem; }
.markdown:has(.prose > :is(h1, h2):first-child) { margin-top: 2.6rem; }
.markdown:has(.prose > :is(h3, h4, h5, h6):first-child) { margin-top: 1.9rem; }
main > .cell:first-child { margin-top: 0; }
p, ul, ol, blockquote, .prose table, .prose pre { margin: 0 0 1em; }
li { margin: .2em 0; }
a { color: var(--accent); text-decoration-thickness: .06em; text-underline-offset: .16em; }
blockquote { border-left: 3px solid var(--line); padding-left: 1.1em; color: var(--quiet); margin-left: 0; }
hr { border: 0; border-top: 1px solid var(--line); margin: 2.5em 0; }
img { max-width: 100%; height: auto; }
kbd { font: .82em/1 var(--mono); border: 1px solid var(--line); border-bottom-width: 2px; border-radius: .3em; padding: .12em .4em; background: var(--code); white-space: nowrap; }
code { font: .875em/1.5 var(--mono); }
:not(pre) > code { background: var(--code); border-radius: .3em; padding: .1em .32em; }
pre { font: .84rem/1.58 var(--mono); margin: 0; overflow-x: auto; tab-size: 4; }
pre code { font: inherit; }
pre.code { background: var(--code); border: 1px solid var(--line); border-radius: .5rem; padding: .72rem 1rem; }
pre.raw { color: var(--quiet); padding: .6rem 1rem; }
.formula { font-family: "Latin Modern Math", "STIX Two Math", Cambria, Georgia, serif; font-style: italic; }
div.formula { margin: 0 0 1em; text-align: center; white-space: pre-wrap; }
.missing-picture { color: var(--quiet); border: 1px dashed var(--line); border-radius: .3em; padding: .1em .5em; font-size: .9em; }
.outputs { display: grid; grid-template-columns: minmax(0, 1fr); gap: .55rem; padding-top: .7rem; }
.output { padding: 0 1rem; margin: 0; }
pre.output { white-space: pre; max-height: 34rem; overflow: auto; }
.output.html > :last-child { margin-bottom: 0; }
.output.html > table + * { margin-top: .6rem; }
.output.html, .output.picture { overflow-x: auto; }
.stderr { background: var(--warn); border-left: 3px solid var(--warn-line); padding: .55rem 1rem; border-radius: 0 .4rem .4rem 0; }
.error { background: var(--bad); border-left: 3px solid var(--bad-line); padding: .7rem 1rem; border-radius: 0 .4rem .4rem 0; }
.picture { line-height: 0; }
.picture img, .prose img { background: var(--plate); border-radius: .3rem; }
.picture.on-dark img { background: #15181c; }
:where(table) { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
:where(th, td) { padding: .32em .8em; border-bottom: 1px solid var(--line); }
:where(th:not([align]), td:not([align])) { text-align: left; }
:where(th) { font-weight: 600; }
details > summary { cursor: pointer; color: var(--quiet); font-size: .85rem; padding: .3rem 0; }
footer { margin: 3rem 0 0 4.75rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--quiet); font-size: .82rem; }
.hljs-keyword, .hljs-selector-tag, .hljs-meta .hljs-keyword { color: var(--keyword); }
.hljs-string, .hljs-regexp, .hljs-template-tag, .hljs-addition { color: var(--string); }
.hljs-number, .hljs-literal, .hljs-symbol, .hljs-bullet { color: var(--number); }
.hljs-comment, .hljs-quote, .hljs-meta { color: var(--comment); font-style: italic; }
.hljs-title, .hljs-title.function_, .hljs-section, .hljs-name { color: var(--title); }
.hljs-built_in, .hljs-type, .hljs-title.class_, .hljs-attribute { color: var(--type); }
.hljs-subst, .hljs-params, .hljs-property, .hljs-variable.language_ { color: inherit; }
.hljs-deletion { color: var(--ansi-red); }
.ansi-bold { font-weight: 650; } .ansi-dim { opacity: .7; } .ansi-italic { font-style: italic; } .ansi-underline { text-decoration: underline; }
.ansi-strike { text-decoration: line-through; } .ansi-inverse { filter: invert(1); background: var(--paper); }
${ansiColours()}
@media (max-width: 46rem) {
  main { padding: 1.75rem 1rem; }
  .cell { grid-template-columns: minmax(0, 1fr); }
  .margin { text-align: left; padding: 0 0 .25rem; display: flex; gap: .8em; align-items: baseline; }
  .markdown .margin, .raw .margin { display: none; }
  .output { padding: 0 .25rem; }
  .stderr, .error { padding: .55rem .75rem; }
  footer { margin-left: 0; }
}
@media print {
  main { width: auto; padding: 0; }
  pre, pre.output { white-space: pre-wrap; max-height: none; }
  .picture, pre.code { break-inside: avoid; }
}
`;

function ansiColours(): string {
  const names = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];
  return names
    .flatMap((name) => [
      `.ansi-${name}, .ansi-bright-${name} { color: var(--ansi-${name}); }`,
      `.ansi-bg-${name}, .ansi-bg-bright-${name} { background: color-mix(in srgb, var(--ansi-${name}) 26%, var(--paper)); }`,
    ])
    .join("\n");
}
