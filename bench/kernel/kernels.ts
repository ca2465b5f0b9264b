// Measures the kernels that are installed one after the other and prints one table, in Markdown.
import { setTimeout as delay } from "node:timers/promises";
import { Bridge } from "../../test/conformance/support/bridge.ts";
import { findKernel, kernelNames, type KernelSpec } from "../../test/conformance/support/kernels.ts";
import { Kernel, type Code } from "../../test/conformance/support/kernel.ts";
import type { Sent } from "../../test/conformance/support/client.ts";
import { python } from "../../test/support/paths.ts";

/** What is measured, in the order of the table. */
type Figures = Record<string, string>;

const rounds = 100;

// It has Node itself read certificates for 30 ms before anything else, whatever is started, and is set on few machines.
delete process.env.NODE_EXTRA_CA_CERTS;

/** Measures one kernel into `figures`, as far as it goes: some stop answering in the middle. */
async function measure(bridge: Bridge, spec: KernelSpec, figures: Figures): Promise<void> {
  // The first start of a program reads its files from the disk; the later ones are what users meet all day.
  const starts: number[] = [];
  for (let each = 0; each < 16; each++) {
    const { started, replied, kernel } = await start(bridge, spec);
    if (each > 0) starts.push(replied - started);
    await kernel.close();
  }
  const { kernel } = await start(bridge, spec);
  const { client, code } = kernel;
  figures["start to ready"] = milliseconds(starts.map((each) => each * 1e3));
  figures["memory when ready"] = megabytes(await memory(kernel));
  await delay(3000);
  figures["memory 3 s later"] = megabytes(await memory(kernel));

  figures["`1+1`, request to idle"] = milliseconds(await timed(rounds, () => client.run("1+1")));

  await client.run(
    code({
      ts: "const point = { x: 1, radius: 2 };",
      py: "import types\npoint = types.SimpleNamespace(x=1, radius=2)",
    }),
  );
  const complete = (): Promise<Sent> =>
    answered(kernel, "complete_request", { code: "point.", cursor_pos: 6 });
  figures["first completion of a member"] = milliseconds(await timed(1, complete, { arrived: offered }));
  figures["completion of a member"] = milliseconds(await timed(30, complete, { arrived: offered }));
  const hover = (): Promise<Sent> =>
    answered(kernel, "inspect_request", { code: "point", cursor_pos: 5, detail_level: 0 });
  await hover().catch(() => undefined);
  figures.hover = milliseconds(await timed(30, hover, { arrived: found }));

  for (let each = 0; each < 200; each++)
    await client.run(
      code({
        ts: `interface Row${each} { n: number }\nconst row${each}: Row${each} = { n: ${each} };\nfunction f${each}(a: number) { return a + row${each}.n }`,
        py: `row${each} = {"n": ${each}}\ndef f${each}(a): return a + row${each}["n"]`,
      }),
    );
  await delay(3000);
  figures["`1+1` after 200 cells"] = milliseconds(await timed(rounds, () => client.run("1+1")));
  figures["completion after 200 cells"] = milliseconds(await timed(30, complete, { arrived: offered }));

  // In a kernel of its own, as some do not survive it.
  figures["stop a loop, press to reply"] = await kernel
    .withAnother({}, (another) => stops(another, { ts: "while (true) {}", py: "while True: pass" }))
    .catch(() => "never");

  const lines = await client.begin(
    code({
      ts: "for (let i = 0; i < 20000; i++) console.log(String(i))",
      py: "for i in range(20000): print(i)",
    }),
  );
  // Some lose their lines, and idle with them.
  await lines.done(20_000).catch(() => undefined);
  const end = lines.trace.indexOf("idle");
  const before = lines.published.slice(0, end === -1 ? undefined : end);
  const text = before.map(({ content }) => (content.text as string | undefined) ?? "").join("");
  figures["20,000 lines until idle"] = lines.idle
    ? milliseconds([(lines.idle.time - lines.time) * 1e3])
    : "never";
  figures["… lines that came before idle"] = (text.split("\n").length - 1).toLocaleString("en");

  const picture = await timed(10, () => client.run(code(megabyte)), {
    arrived: (cell) => cell.of("display_data").length > 0,
  });
  figures["a picture of 1 MB"] = milliseconds(picture);
  figures["memory after the session"] = megabytes(await memory(kernel));
  await kernel.close();
}

const megabyte: Code = {
  ts: 'await display({ [Symbol.for("Jupyter.display")]: () => ({ "image/png": Buffer.alloc(1_000_000, 7).toString("base64") }) })',
  deno: 'await Deno.jupyter.display({ "image/png": Buffer.alloc(1_000_000, 7).toString("base64") }, { raw: true })',
  tslab: 'import * as tslab from "tslab"; tslab.display.png(Buffer.alloc(1_000_000, 7))',
  py: 'import base64\nfrom IPython.display import display\ndisplay({"image/png": base64.b64encode(bytes([7]) * 1_000_000).decode()}, raw=True)',
};

async function start(
  bridge: Bridge,
  spec: KernelSpec,
): Promise<{ kernel: Kernel; started: number; replied: number }> {
  // tslab loses what comes before the last of its sockets is open.
  const kernel = await Kernel.start(bridge, spec, { eager: spec.name !== "tslab" });
  const first = kernel.client.heard.find(({ channel }) => channel === "shell")!;
  return { kernel, started: kernel.started, replied: first.time };
}

async function memory(kernel: Kernel): Promise<number> {
  return (await kernel.bridge.ask<{ bytes: number }>("memory", { kernel: kernel.number })).bytes;
}

async function answered({ client }: Kernel, type: string, content: Record<string, unknown>): Promise<Sent> {
  const sent = await client.send(type, content);
  await sent.done();
  return sent;
}

const replyOf = (sent: Sent): Record<string, unknown> => sent.heardOn("shell")!.message!.content;
const offered = (sent: Sent): boolean => String(replyOf(sent).matches).includes("radius");
const found = (sent: Sent): boolean => replyOf(sent).found === true;

/** Milliseconds from sending to idle and reply, for each of some rounds; none when it does not do what it should. */
async function timed(
  times: number,
  once: () => Promise<Sent>,
  { arrived = () => true }: { arrived?: (sent: Sent) => boolean } = {},
): Promise<number[]> {
  const spent: number[] = [];
  for (let each = 0; each < times; each++) {
    const sent = await once().catch(() => undefined);
    if (sent === undefined || !arrived(sent)) return [];
    const end = Math.max(sent.idle!.time, sent.heardOn("shell")!.time);
    spent.push((end - sent.time) * 1e3);
  }
  return spent;
}

async function stops(kernel: Kernel, variants: Code): Promise<string> {
  const spent: number[] = [];
  for (let each = 0; each < 10; each++) {
    const { milliseconds: took } = await kernel.interruptCell(kernel.code(variants));
    spent.push(took);
  }
  return milliseconds(spent);
}

function milliseconds(values: number[]): string {
  if (values.length === 0) return "–";
  const sorted = [...values].sort((a, b) => a - b);
  const show = (value: number): string => value.toFixed(value < 100 ? 1 : 0);
  const middle = show(sorted[sorted.length >> 1]!);
  return values.length === 1 ? `${middle} ms` : `${middle} ms (${show(sorted[0]!)}-${show(sorted.at(-1)!)})`;
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;

if (python === undefined) {
  process.stderr.write("bench: expected .venv, found none; run npm run setup\n");
  process.exit(1);
}
const columns: [string, Figures][] = [];
for (const name of kernelNames) {
  const spec = findKernel(name);
  if (spec === undefined) {
    process.stderr.write(`bench: ${name} is left out: it is not installed\n`);
    continue;
  }
  const bridge = new Bridge(python);
  const figures: Figures = {};
  columns.push([`${name} ${spec.version}`, figures]);
  await measure(bridge, spec, figures).catch((error: Error) =>
    process.stderr.write(`bench: ${name} was not measured to the end: ${error.message}\n`),
  );
  await bridge.close();
}
const row = (cells: string[]): string => `| ${cells.join(" | ")} |\n`;
process.stdout.write(row(["kernel", ...columns.map(([name]) => name)]));
process.stdout.write(row(["---", ...columns.map(() => "---")]));
const names = new Set(columns.flatMap(([, figures]) => Object.keys(figures)));
for (const name of names)
  process.stdout.write(row([name, ...columns.map(([, figures]) => figures[name] ?? "–")]));
process.exit(0);
