import { attribute } from "./attributes.ts";
import type { Pointer } from "./capi.ts";
import type { Context } from "./context.ts";
import { newExecute, type Execute } from "./execute.ts";
import { describeHandle } from "./tensorData.ts";

/** A tensor: a handle, or a variable of TensorFlow's and the handle of what was read from it last. */
interface Entry {
  handle: Pointer | undefined;
  resource?: { handle: Pointer; dtype: number };
}

/** TensorFlow's name for variables that are gone with the last handle to them (framework/resource_handle.h). */
const anonymous = "cd2c89b7-88b7-44c8-ad83-06c2a9158347";

/**
 * The tensors that JavaScript knows by number. One may live in a variable of TensorFlow's, where a training step changes it
 * in place: to everybody else it is a tensor still, whose value is read from there when somebody wants it.
 */
export class HandleTable {
  readonly #context: Context;
  readonly #execute: Execute;
  readonly #entries = new Map<number, Entry>();
  #next = 0;

  constructor(context: Context) {
    this.#context = context;
    this.#execute = newExecute(context);
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Whether a tensor is held still. */
  has(id: number): boolean {
    return this.#entries.has(id);
  }

  /** Takes over a handle. */
  add(handle: Pointer): number {
    this.#entries.set(this.#next, { handle });
    return this.#next++;
  }

  /** The handle of a tensor, which stays the table's. */
  get(id: number): Pointer {
    const entry = this.#entry(id);
    entry.handle ??= this.#read(entry.resource!);
    return entry.handle;
  }

  /** Frees a tensor. */
  remove(id: number): void {
    const { handle, resource } = this.#entry(id);
    this.#entries.delete(id);
    if (handle !== undefined) this.#context.c.TFE_DeleteTensorHandle(handle);
    if (resource !== undefined) this.#context.c.TFE_DeleteTensorHandle(resource.handle);
  }

  /**
   * The variable of TensorFlow's in which a tensor lives, from now on at least. What was read from it before is forgotten: it
   * is to be changed.
   */
  resource(id: number): Pointer {
    const entry = this.#entry(id);
    entry.resource ??= this.#newResource(entry.handle!);
    if (entry.handle !== undefined) {
      this.#context.c.TFE_DeleteTensorHandle(entry.handle);
      entry.handle = undefined;
    }
    return entry.resource.handle;
  }

  #entry(id: number): Entry {
    const entry = this.#entries.get(id);
    if (entry === undefined) throw new Error(`tensor ${String(id)} is not held, or was deleted`);
    return entry;
  }

  #newResource(value: Pointer): { handle: Pointer; dtype: number } {
    const { shape, dtype } = describeHandle(this.#context, value);
    const type = attribute.type("dtype", dtype);
    const handle = this.#execute(
      "VarHandleOp",
      [type, attribute.shape("shape", shape), attribute.text("shared_name", anonymous)],
      [],
      1,
    )[0]!;
    this.#execute("AssignVariableOp", [type], [handle, value], 0);
    return { handle, dtype };
  }

  #read({ handle, dtype }: { handle: Pointer; dtype: number }): Pointer {
    const type = attribute.type("dtype", dtype);
    return this.#execute("ReadVariableOp", [type], [handle], 1)[0]!;
  }
}
