import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { root } from "../../support/paths.ts";
import { Bridge, type Channel } from "./bridge.ts";
import { NotApplicable } from "./case.ts";
import { Client, patience, type ClientOptions } from "./client.ts";
import type { KernelName, KernelSpec } from "./kernels.ts";

/** A piece of code in the languages it is needed in; a kernel of its own name first, else its language. */
export type Code = Partial<Record<KernelName | "ts" | "py", string>>;

const packages = ["vega-lite", "vega", "seedrandom", "typescript"];
let numbers = 0;

/** A running kernel with a first client, in a directory of its own. */
export class Kernel {
  readonly name: KernelName;
  readonly directory: string;
  readonly number: number;
  readonly bridge: Bridge;
  readonly #spec: KernelSpec;
  readonly #options: KernelOptions;
  pid = 0;
  /** When it was started, in seconds of the bridge's clock. */
  started = 0;
  client!: Client;

  private constructor(bridge: Bridge, spec: KernelSpec, options: KernelOptions) {
    this.name = spec.name;
    this.directory = makeDirectory(options.files ?? {});
    this.bridge = bridge;
    this.number = numbers++;
    this.#spec = spec;
    this.#options = options;
  }

  /**
   * Starts a kernel and waits until it has answered and its output is heard.
   *
   * @param options see {@link KernelOptions}
   */
  static async start(bridge: Bridge, spec: KernelSpec, options: KernelOptions = {}): Promise<Kernel> {
    const kernel = new Kernel(bridge, spec, options);
    mkdirSync(kernel.home, { recursive: true });
    const started = await bridge.ask<{ pid: number; time: number }>("start", {
      kernel: kernel.number,
      argv: spec.argv,
      cwd: kernel.directory,
      env: environment(kernel.home),
      interruptMode: spec.interruptMode,
    });
    kernel.pid = started.pid;
    kernel.started = started.time;
    kernel.client = await kernel.connect();
    await ready(kernel.client);
    return kernel;
  }

  /** Where the kernel keeps what outlives it, as its history. */
  get home(): string {
    return this.#options.home ?? join(this.directory, "home");
  }

  /** Has another kernel of the same kind do something, and ends it. */
  async withAnother<Result>(
    options: KernelOptions,
    use: (kernel: Kernel) => Promise<Result>,
  ): Promise<Result> {
    const another = await Kernel.start(this.bridge, this.#spec, { ...this.#options, ...options });
    try {
      return await use(another);
    } finally {
      await another.close();
    }
  }

  /** A kernel of the same kind that a process of its own has started. The caller ends it. */
  underAnotherParent(): Promise<Kernel> {
    return Kernel.start(new Bridge(this.bridge.python), this.#spec, { ...this.#options, files: {} });
  }

  /** Writes a file into the kernel's directory. */
  write(path: string, text: string): void {
    writeFileSync(join(this.directory, path), text);
  }

  /** Another front end. */
  async connect(channels: Channel[] = ["shell", "control", "stdin", "iopub"]): Promise<Client> {
    const client = new Client(this.bridge, numbers++, this.#options);
    const { eager = false } = this.#options;
    await this.bridge.ask("connect", { client: client.number, kernel: this.number, channels, eager });
    return client;
  }

  /** The variant of some code for this kernel; says that the case does not apply where there is none. */
  readonly code = (variants: Code): string => {
    const language = this.name === "ipykernel" ? "py" : "ts";
    const code = variants[this.name] ?? variants[language];
    if (code === undefined) throw new NotApplicable();
    return code;
  };

  /** Reads a file in the kernel's directory. */
  read(path: string): string {
    return readFileSync(join(this.directory, path), "utf8");
  }

  /** Presses stop, as front ends do. */
  async interrupt(): Promise<number> {
    return (await this.bridge.ask<{ time: number }>("interrupt", { kernel: this.number })).time;
  }

  /** Stops a cell a while after it began and waits for its end. */
  async interruptCell(code: string, { after = 500 } = {}): Promise<Interrupted> {
    const cell = await this.client.begin(code);
    await cell.begins();
    await delay(after);
    const pressed = await this.interrupt();
    await cell.done();
    return { cell, milliseconds: (cell.heardOn("shell")!.time - pressed) * 1e3 };
  }

  /** The key that messages are signed with. */
  async key(): Promise<string> {
    return (await this.bridge.ask<{ key: string }>("key", { kernel: this.number })).key;
  }

  /** The exit code: null as long as it lives. */
  async exitCode(): Promise<number | null> {
    return (await this.bridge.ask<{ code: number | null }>("state", { kernel: this.number })).code;
  }

  /** Waits for its end. */
  async ends(within: number = patience): Promise<number> {
    for (const end = Date.now() + within; Date.now() < end; await delay(50)) {
      const code = await this.exitCode();
      if (code !== null) return code;
    }
    throw new Error(`waited ${within / 1000} s for the kernel's end`);
  }

  async close(): Promise<void> {
    await this.client.close();
    await this.bridge.ask("kill", { kernel: this.number });
    rmSync(this.directory, { recursive: true, force: true });
  }
}

interface Interrupted {
  cell: Awaited<ReturnType<Client["begin"]>>;
  /** From the press to the reply. */
  milliseconds: number;
}

export interface KernelOptions extends ClientOptions {
  /** Where the kernel keeps what outlives it. Default: below its own directory. */
  home?: string;
  /** Files in its directory, by path. Default: none. */
  files?: Record<string, string>;
  /** Whether a client connects as soon as the ports are open, and not only when it tries again as front ends do. Default false. */
  eager?: boolean;
}

/** A directory as a user's: a package.json and some packages. */
function makeDirectory(files: Record<string, string>): string {
  const directory = mkdtempSync(join(tmpdir(), "conformance-"));
  mkdirSync(join(directory, "node_modules"));
  symlinkSync(root, join(directory, "node_modules/convoscope"));
  for (const name of packages)
    symlinkSync(join(root, "node_modules", name), join(directory, "node_modules", name));
  const dependencies = Object.fromEntries(packages.map((name) => [name, "*"]));
  writeFileSync(join(directory, "package.json"), JSON.stringify({ type: "module", dependencies }));
  for (const [path, text] of Object.entries(files)) writeFileSync(join(directory, path), text);
  return directory;
}

/** What kernels keep, they keep here and not at the user's. */
function environment(home: string): Record<string, string> {
  return {
    IPYTHONDIR: join(home, "ipython"),
    JUPYTER_DATA_DIR: join(home, "jupyter"),
    XDG_DATA_HOME: join(home, "data"),
    XDG_STATE_HOME: join(home, "state"),
    DENO_NO_UPDATE_CHECK: "1",
  };
}

/** As jupyter_client does it: asks until both the reply and something published for it are heard. */
async function ready(client: Client): Promise<void> {
  const first = await client.send("kernel_info_request");
  await first.reply(60_000);
  for (let attempt = 0; attempt < 60; attempt++) {
    const again = await client.send("kernel_info_request");
    await again.reply(60_000);
    const heard = await client.wait("idle", () => again.idle, 500).catch(() => undefined);
    if (heard) return;
  }
  throw new Error("nothing was heard on IOPub");
}
