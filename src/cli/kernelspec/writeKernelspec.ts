import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { atomicWriteFile, writeBeside } from "../../atomicWrite.ts";
import { kernelCommand, language } from "../kernelCommand.ts";
import { packageRoot } from "../../package.ts";
import { protocolVersion } from "../../kernel/transport/message.ts";

const logos = ["logo-32x32.png", "logo-64x64.png", "logo-svg.svg"];

export interface KernelspecOptions {
  displayName: string;
  /** Environment variables for the kernel. Default: none. */
  env?: Record<string, string>;
}

/** What kernel.json says: how Jupyter starts the kernel and shows it. */
export function kernelspec({ displayName, env = {} }: KernelspecOptions): Record<string, unknown> {
  return {
    argv: kernelCommand(),
    display_name: displayName,
    language,
    interrupt_mode: "message",
    kernel_protocol_version: protocolVersion,
    env,
    metadata: { debugger: false },
  };
}

/** Writes a kernelspec with its logos into `directory`; each file is complete or not there. Returns the paths. */
export async function writeKernelspec(directory: string, options: KernelspecOptions): Promise<string[]> {
  for (const logo of logos) {
    await writeBeside(join(directory, logo), (path) => copyFile(join(packageRoot, "kernelspec", logo), path));
  }
  // Last, since Jupyter takes a directory with this file for a kernel.
  await atomicWriteFile(
    join(directory, "kernel.json"),
    `${JSON.stringify(kernelspec(options), undefined, 2)}\n`,
  );
  return [...logos, "kernel.json"].map((name) => join(directory, name));
}
