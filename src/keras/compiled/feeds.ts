import { attributeKinds, type Attribute } from "../../tensorflow/attributes.ts";
import type { GraphOutput, Pointer } from "../../tensorflow/capi.ts";
import { dataTypes } from "../../tensorflow/dataTypes.ts";
import type { Graph } from "../../tensorflow/graph/graph.ts";
import type { Runtime } from "../../tensorflow/runtime.ts";
import { describeHandle, newHandle, shareHandle } from "../../tensorflow/tensorData.ts";
import type { tf } from "../../tensorflow/tf.ts";
import { newSeed } from "./stepSeed.ts";

/** A variable in the graph: its resource, and the operation that reads its value before a step changes it. */
interface State {
  resource: GraphOutput;
  read?: Pointer;
}

type Feed = (tensors: readonly tf.Tensor[]) => Pointer;

/** What a compiled function is given at each call, in the order of its inputs. */
export class Feeds {
  readonly #runtime: Runtime;
  readonly #graph: Graph;
  readonly #feeds: Feed[] = [];
  readonly #states = new Map<string, State>();
  readonly #numbers = new Map<string, GraphOutput>();
  readonly #settles: (() => Pointer)[] = [];
  /** Handles that are kept for the calls to come. */
  readonly #kept: { handle: Pointer }[] = [];

  constructor(runtime: Runtime, graph: Graph) {
    this.#runtime = runtime;
    this.#graph = graph;
  }

  /** One tensor of the batch; `id` is one like it. */
  batch(index: number, id: number): GraphOutput {
    const { shape, dtype } = describeHandle(this.#runtime.context, this.#runtime.handles.get(id));
    const { handles, idOf } = this.#runtime;
    this.#feeds.push((tensors) => handles.get(idOf(tensors[index]!)));
    return this.#graph.input(dtype, shape);
  }

  /** A tensor that was there before, and stays what it is. */
  captured(id: number): GraphOutput {
    const { context, handles } = this.#runtime;
    const handle = shareHandle(context, handles.get(id));
    this.#kept.push({ handle });
    this.#feeds.push(() => handle);
    const { shape, dtype } = describeHandle(context, handle);
    return this.#graph.input(dtype, shape);
  }

  /** The value of a variable as it is when a step begins. */
  value(variable: tf.Variable): GraphOutput {
    return { oper: this.#read(variable), index: 0 };
  }

  /** The variable itself. */
  resource(variable: tf.Variable): GraphOutput {
    return this.#state(variable.name, () => variable).resource;
  }

  /** A variable that is another object after somebody has set the optimizer's state: it is asked for at each call. */
  slot(key: string, find: () => tf.Variable): GraphOutput {
    return this.#state(key, find).resource;
  }

  /** The operations that must be over before a variable changes. */
  readsOf(variable: tf.Variable): Pointer[] {
    const { read } = this.#state(variable.name, () => variable);
    return read === undefined ? [] : [read];
  }

  /** Gives a variable a new value. */
  assign(variable: tf.Variable, value: GraphOutput): Pointer {
    return this.#graph.add("AssignVariableOp", [this.resource(variable), value], {
      attributes: [this.#type("dtype", value)],
      after: this.readsOf(variable),
    });
  }

  /** A number that may change between calls. */
  number(key: string, read: () => number): GraphOutput {
    let input = this.#numbers.get(key);
    if (input !== undefined) return input;
    const { context } = this.#runtime;
    const scalar = (value: number): Pointer =>
      newHandle(context, [], dataTypes.float, Float32Array.of(value));
    let latest = read();
    const kept = { handle: scalar(latest) };
    this.#kept.push(kept);
    this.#feeds.push(() => {
      const value = read();
      if (value !== latest) {
        context.c.TFE_DeleteTensorHandle(kept.handle);
        kept.handle = scalar((latest = value));
      }
      return kept.handle;
    });
    input = this.#graph.input(dataTypes.float, []);
    this.#numbers.set(key, input);
    return input;
  }

  /** A seed, which is another one at each call. */
  seed(): GraphOutput {
    const { context } = this.#runtime;
    const kept = { handle: newHandle(context, [2], dataTypes.int32, newSeed()) };
    this.#kept.push(kept);
    this.#feeds.push(() => {
      context.c.TFE_DeleteTensorHandle(kept.handle);
      return (kept.handle = newHandle(context, [2], dataTypes.int32, newSeed()));
    });
    return this.#graph.input(dataTypes.int32, [2]);
  }

  /** The attribute T of an operation that takes this. */
  typeOf(output: GraphOutput): Attribute {
    return this.#type("T", output);
  }

  /** The handles for a call. */
  handles(tensors: readonly tf.Tensor[]): Pointer[] {
    return this.#feeds.map((feed) => feed(tensors));
  }

  /** Forgets what was read from variables while they were being changed on another thread. */
  settle(): void {
    for (const settle of this.#settles) settle();
  }

  close(): void {
    for (const { handle } of this.#kept) this.#runtime.context.c.TFE_DeleteTensorHandle(handle);
  }

  #read(variable: tf.Variable): Pointer {
    const state = this.#state(variable.name, () => variable);
    const { context, handles, idOf } = this.#runtime;
    const { dtype } = describeHandle(context, handles.get(idOf(variable)));
    state.read ??= this.#graph.add("ReadVariableOp", [state.resource], {
      attributes: [{ name: "dtype", type: attributeKinds.type, value: dtype }],
    });
    return state.read;
  }

  #state(key: string, find: () => tf.Variable): State {
    let state = this.#states.get(key);
    if (state !== undefined) return state;
    const { handles, ownIdOf } = this.#runtime;
    const resource = (): Pointer => handles.resource(ownIdOf(find()));
    this.#feeds.push(resource);
    this.#settles.push(resource);
    state = { resource: this.#graph.input(dataTypes.resource) };
    this.#states.set(key, state);
    return state;
  }

  #type(name: string, output: GraphOutput): Attribute {
    return { name, type: attributeKinds.type, value: this.#graph.dtype(output) };
  }
}
