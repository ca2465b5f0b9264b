import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { kernelCommand } from "../../../src/cli/kernelCommand.ts";
import { packageVersion } from "../../../src/package.ts";
import { python, root } from "../../support/paths.ts";

export const kernelNames = ["convoscope", "tslab", "deno", "ipykernel"] as const;
export type KernelName = (typeof kernelNames)[number];

/** How a kernel is started, as its own specification says. */
export interface KernelSpec {
  name: KernelName;
  version: string;
  argv: string[];
  interruptMode: "message" | "signal";
}

/** Programs by which a kernel is found; undefined when it is not there. */
const programs: Record<KernelName, () => KernelSpec | undefined> = {
  convoscope: () => ({
    name: "convoscope",
    version: packageVersion(),
    argv: kernelCommand(),
    interruptMode: "message",
  }),
  tslab() {
    const program = join(root, "node_modules/tslab/bin/tslab");
    if (!existsSync(program)) return undefined;
    const argv = [process.execPath, program, "kernel", "--config-path={connection_file}"];
    const text = readFileSync(join(root, "node_modules/tslab/package.json"), "utf8");
    const { version } = JSON.parse(text) as { version: string };
    return { name: "tslab", version, argv, interruptMode: "signal" };
  },
  deno() {
    const program = process.env.DENO ?? "deno";
    const version = versionOf(program, "--version");
    if (version === undefined) return undefined;
    const argv = [program, "jupyter", "--kernel", "--conn", "{connection_file}"];
    return { name: "deno", version, argv, interruptMode: "signal" };
  },
  ipykernel() {
    if (python === undefined) return undefined;
    const version = versionOf(python, "-c", "import ipykernel; print(ipykernel.__version__)");
    if (version === undefined) return undefined;
    const argv = [python, "-m", "ipykernel_launcher", "-f", "{connection_file}"];
    return { name: "ipykernel", version, argv, interruptMode: "signal" };
  },
};

/** How to start a kernel, or undefined where it is not installed. */
export const findKernel = (name: KernelName): KernelSpec | undefined => programs[name]();

function versionOf(program: string, ...args: string[]): string | undefined {
  try {
    const text = execFileSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    return /\d+\.\d+\.\d+\S*/.exec(text)?.[0];
  } catch {
    return undefined;
  }
}
