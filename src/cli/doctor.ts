import { existsSync } from "node:fs";
import { join } from "node:path";
import { backendFindings } from "./doctor/backendFindings.ts";
import { fileFindings } from "./doctor/fileFindings.ts";
import type { Finding } from "./doctor/finding.ts";
import { jupyterFindings } from "./doctor/jupyterFindings.ts";
import { packageRoot } from "../package.ts";
import { parseOnlyOptions } from "./parseOptions.ts";

const who = "convoscope doctor";

const usage = `usage: convoscope doctor [--json]

Says what is found and what is missing, each with the one command that mends it. The exit code is 0 if everything essential
is there.
`;

/** `convoscope doctor`: looks at everything; returns 0 if all that is essential is there. */
export async function run(args: string[]): Promise<number> {
  const options = { json: { type: "boolean" }, help: { type: "boolean", short: "h" } } as const;
  const values = parseOnlyOptions(who, args, options);
  if (values.help === true) {
    process.stdout.write(usage);
    return 0;
  }
  const mend = existsSync(join(packageRoot, "scripts/setup.mjs"))
    ? `npm run setup --prefix ${packageRoot}`
    : "pip install jupyterlab ipywidgets anywidget tensorflow";
  const findings = [
    nodeFinding(),
    ...jupyterFindings({ mend }),
    ...(await backendFindings({ mend })),
    ...fileFindings({ mend }),
  ];
  const ok = findings.every((finding) => finding.ok || !finding.essential);
  process.stdout.write(
    values.json === true ? `${JSON.stringify({ ok, findings }, undefined, 2)}\n` : table(findings),
  );
  return ok ? 0 : 1;
}

function nodeFinding(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const ok = major > 20 || (major === 20 && minor >= 19);
  const found = `${process.versions.node} (${process.execPath})`;
  return {
    name: "Node.js",
    ok,
    essential: true,
    found,
    ...(!ok && { fix: "install Node.js 20.19 or newer" }),
  };
}

/** A tick for what is there, a cross for what has to be mended, a dash for what is missing but not needed. */
function table(findings: Finding[]): string {
  const width = Math.max(...findings.map(({ name }) => name.length));
  const lines = findings.flatMap(({ name, ok, essential, found, fix }) => [
    `${ok ? "✓" : essential ? "✗" : "–"} ${name.padEnd(width)}  ${found}`,
    ...(ok || fix === undefined ? [] : [`  ${" ".repeat(width)}  to mend it: ${fix}`]),
  ]);
  return `${lines.join("\n")}\n`;
}
