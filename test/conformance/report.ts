// `node --import tsx test/conformance/report.ts [--kernel NAME]… [--topic NAME]… [--jobs N]`: has every kernel that is here do every case and
// writes docs/conformance.md; with a choice it only prints. Deno is looked for on the PATH and in the variable DENO.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { format, resolveConfig } from "prettier";
import { python, root } from "../support/paths.ts";
import { Bridge } from "./support/bridge.ts";
import { NotApplicable, type Topic } from "./support/case.ts";
import { findKernel, kernelNames, type KernelName, type KernelSpec } from "./support/kernels.ts";
import { SharedKernel } from "./support/sharedKernel.ts";
import { topics } from "./topics/index.ts";

type Mark = "✓" | "✗" | "–";
/** Marks by topic and case. */
type Scores = Map<string, Mark>;

const { values } = parseArgs({
  options: {
    kernel: { type: "string", multiple: true },
    topic: { type: "string", multiple: true },
    jobs: { type: "string", default: "3" },
  },
});
const say = (line: string): void => void process.stdout.write(`${line}\n`);

if (python === undefined) {
  say("conformance: expected .venv, found none; run npm run setup");
  process.exit(1);
}
const interpreter = python;
const chosenTopics = topics.filter(({ name }) => values.topic?.includes(name) ?? true);
const chosenKernels = kernelNames.filter((name) => values.kernel?.includes(name) ?? true);

const specs = chosenKernels.flatMap((name) => {
  const spec = findKernel(name);
  if (spec === undefined) say(`${name} is left out: it is not installed`);
  return spec ?? [];
});
const results = new Map<KernelName, Scores>(specs.map(({ name }) => [name, new Map<string, Mark>()]));
// Several at a time: those that fail wait for most of the time.
const queue = chosenTopics.flatMap((topic) => specs.map((spec) => ({ topic, spec })));
async function work(): Promise<void> {
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) await score(next.spec, next.topic);
}
await Promise.all(Array.from({ length: Number(values.jobs) }, work));
for (const { name } of specs) say(`${name}: ${summary(results.get(name)!)}`);
if (values.kernel === undefined && values.topic === undefined) {
  const path = join(root, "docs/conformance.md");
  writeFileSync(path, await format(page(), { ...(await resolveConfig(path)), parser: "markdown" }));
  say(`wrote ${path}`);
}
process.exit(0);

async function score(spec: KernelSpec, topic: Topic): Promise<void> {
  const scores = results.get(spec.name)!;
  // A bridge for each, so that one that hangs takes nothing along.
  const bridge = new Bridge(interpreter);
  const shared = new SharedKernel(bridge, spec, { grace: 200 });
  for (const each of topic.cases) {
    scores.set(keyOf(topic, each.name), await judge(spec, shared, topic, each));
    // Some drop what is sent shortly after an error; that is a case of its own and not to decide the others.
    await delay(300);
  }
  await shared.close().catch(() => undefined);
  await bridge.close();
}

async function judge(
  { name }: KernelSpec,
  shared: SharedKernel,
  topic: Topic,
  each: Topic["cases"][number],
): Promise<Mark> {
  if (each.appliesTo?.includes(name) === false) return "–";
  try {
    await shared.run(each);
    return "✓";
  } catch (error) {
    if (error instanceof NotApplicable) return "–";
    const reason = String((error as Error).message).replaceAll(/\s+/g, " ");
    say(`${name}: ${topic.name}: ${each.name}\n    ${reason.slice(0, 400)}`);
    return "✗";
  }
}

function keyOf(topic: Topic, name: string): string {
  return `${topic.name}/${name}`;
}

function summary(scores: Scores): string {
  const marks = [...scores.values()];
  const passed = marks.filter((mark) => mark === "✓").length;
  return `${passed} of ${marks.filter((mark) => mark !== "–").length}`;
}

function page(): string {
  const columns = specs.map(({ name, version }) => `${name} ${version}`);
  const row = (cells: string[]): string => `| ${cells.join(" | ")} |`;
  const table = (head: string, rows: [string, string[]][]): string =>
    [
      row([head, ...columns]),
      row(["---", ...columns.map(() => ":-:")]),
      ...rows.map(([name, cells]) => row([name.replaceAll("|", "\\|"), ...cells])),
    ].join("\n");
  const marksOf = (key: string): string[] => specs.map(({ name }) => results.get(name)!.get(key)!);
  const sections = chosenTopics.map(
    (topic) =>
      `## ${topic.name}\n\n${table(
        "behaviour",
        topic.cases.map((each) => [each.name, marksOf(keyOf(topic, each.name))]),
      )}`,
  );
  const totals: [string, string[]][] = [
    ["behaves so, of those that apply", specs.map(({ name }) => summary(results.get(name)!))],
  ];
  return `# Conformance

Every kernel was started as its own specification says and spoken to through jupyter_client, the same way for all; an answer may take 10
seconds. ✓ behaves so, ✗ does not, – means nothing for this kernel. The same cases are tests of our kernel (\`test/conformance/\`).

Written by \`node --import tsx test/conformance/report.ts\` on ${new Date().toISOString().slice(0, 10)} with Node.js ${process.versions.node}.

${table("", totals)}

${sections.join("\n\n")}
`;
}
