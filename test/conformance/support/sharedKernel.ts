import type { Bridge } from "./bridge.ts";
import { NotApplicable, type Case } from "./case.ts";
import { Kernel, type KernelOptions } from "./kernel.ts";
import type { KernelSpec } from "./kernels.ts";

/** One kernel for many cases: a fresh one after a case that fails or spoils it. */
export class SharedKernel {
  readonly #bridge: Bridge;
  readonly #spec: KernelSpec;
  readonly #options: KernelOptions;
  #kernel: Kernel | undefined;

  constructor(bridge: Bridge, spec: KernelSpec, options: KernelOptions = {}) {
    this.#bridge = bridge;
    this.#spec = spec;
    this.#options = options;
  }

  /** Throws what the case throws. */
  async run({ run, spoils = false }: Case): Promise<void> {
    this.#kernel ??= await Kernel.start(this.#bridge, this.#spec, this.#options);
    let intact = false;
    try {
      await run(this.#kernel);
      intact = !spoils;
    } catch (error) {
      intact = error instanceof NotApplicable;
      throw error;
    } finally {
      if (!intact) await this.close();
    }
  }

  async close(): Promise<void> {
    const kernel = this.#kernel;
    this.#kernel = undefined;
    await kernel?.close();
  }
}
