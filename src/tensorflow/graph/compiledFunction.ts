import { cName } from "../attributes.ts";
import type { Pointer } from "../capi.ts";
import type { Context } from "../context.ts";
import { precisionConfig } from "../mixedPrecision.ts";

/** A function of TensorFlow's that was made from a graph: handles in, handles out. It belongs to whoever made it, who closes it. */
export class CompiledFunction {
  readonly #context: Context;
  readonly #name: string;
  readonly #operation: Pointer;
  /** Its own, because it may be running on another thread while others are used here. */
  readonly #status: Pointer;
  /** Held here while it runs, because koffi does not hold what it is given: the collector would take what TensorFlow writes to. */
  readonly #outputs: BigUint64Array;
  readonly #count = new Int32Array(1);
  #running = false;
  #closed = false;

  constructor(context: Context, name: string, outputs: number) {
    this.#context = context;
    this.#name = name;
    this.#outputs = new BigUint64Array(outputs);
    this.#status = context.c.TF_NewStatus();
    this.#operation = context.c.TFE_NewOp(context.pointer, cName(name), this.#status)!;
    this.#check();
  }

  /** Runs it on this thread. */
  run(inputs: readonly Pointer[]): Pointer[] {
    this.#prepare(inputs);
    this.#context.c.TFE_Execute(this.#operation, this.#outputs, this.#count, this.#status);
    return this.#finish();
  }

  /** Runs it on another thread; this one is free meanwhile. Only one run at a time. */
  async runAsync(inputs: readonly Pointer[]): Promise<Pointer[]> {
    this.#prepare(inputs);
    this.#running = true;
    try {
      await new Promise<void>((resolve, reject) =>
        this.#context.c.TFE_Execute.async(
          ...([this.#operation, this.#outputs, this.#count, this.#status] as const),
          (error) => (error ? reject(error) : resolve()),
        ),
      );
      return this.#finish();
    } finally {
      this.#running = false;
      if (this.#closed) this.#free();
    }
  }

  /** Frees the function, when it has ended. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    if (!this.#running) this.#free();
  }

  #prepare(inputs: readonly Pointer[]): void {
    const { c } = this.#context;
    c.TFE_OpReset(this.#operation, cName(this.#name), null, this.#status);
    this.#check();
    // Without it TensorFlow would run the graph as it is: nothing fused, constants computed anew at each call.
    const config = precisionConfig();
    c.TFE_OpSetAttrString(this.#operation, cName("config_proto"), config, config.length);
    for (const input of inputs) c.TFE_OpAddInput(this.#operation, input, this.#status);
    this.#check();
    this.#count[0] = this.#outputs.length;
  }

  #finish(): Pointer[] {
    this.#check();
    return Array.from(this.#outputs.subarray(0, this.#count[0]));
  }

  #check(): void {
    this.#context.check("a compiled computation", this.#status);
  }

  #free(): void {
    const { c, pointer } = this.#context;
    c.TFE_DeleteOp(this.#operation);
    c.TFE_ContextRemoveFunction(pointer, cName(this.#name), this.#status);
    c.TF_DeleteStatus(this.#status);
  }
}
