import { attribute, type Attribute } from "../../tensorflow/attributes.ts";
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

/** What one call computes: tensors in order (null where there is none), or with `rows` those rows of them. */
export interface Batch {
  tensors: readonly (tf.Tensor | null)[];
  rows?: Int32Array | undefined;
}

/** One input of the function. */
export interface Feed {
  dtype: number;
  /** Nothing for a variable. */
  shape?: readonly number[];
  /** What it is given at a call. */
  handle: (batch: Batch) => Pointer;
  /** The same as numbers, where it is something else at each call. */
  numbers?: (batch: Batch) => Float32Array | Int32Array;
}

/** What a compiled function is given at each call, in the order of its inputs. */
export class Feeds {
  readonly #runtime: Runtime;
  readonly #graph: Graph;
  /** In the order of the inputs. */
  readonly list: Feed[] = [];
  readonly #states = new Map<string, State>();
  readonly #numbers = new Map<string, GraphOutput>();
  #rows: GraphOutput | undefined;
  readonly #settles: (() => Pointer)[] = [];
  /** Handles that are kept for the calls to come. */
  readonly #kept: { handle: Pointer }[] = [];

  constructor(runtime: Runtime, graph: Graph) {
    this.#runtime = runtime;
    this.#graph = graph;
  }

  /** One tensor of the batch, of which `example` is one. */
  batch(index: number, { tensors, rows }: Batch): GraphOutput {
    const { context, handles, idOf } = this.#runtime;
    const whole = this.#input({
      ...describeHandle(context, handles.get(idOf(tensors[index]!))),
      handle: (batch) => handles.get(idOf(batch.tensors[index]!)),
    });
    if (rows === undefined) return whole;
    const axis = this.#graph.constant(dataTypes.int32, [], Int32Array.of(0));
    return { oper: this.#graph.add("GatherV2", [whole, this.#rowNumbers(rows.length), axis]), index: 0 };
  }

  /** A tensor that was there before, and stays what it is. */
  captured(id: number): GraphOutput {
    const { context, handles } = this.#runtime;
    const handle = shareHandle(context, handles.get(id));
    this.#kept.push({ handle });
    return this.#input({ ...describeHandle(context, handle), handle: () => handle });
  }

  /** The value of a variable where nothing changes it. */
  current(variable: tf.Variable): GraphOutput {
    const { context, handles, idOf } = this.#runtime;
    return this.#input({
      ...describeHandle(context, handles.get(idOf(variable))),
      handle: () => handles.get(idOf(variable)),
    });
  }

  /** The value of a variable as it is when a step begins. */
  value(variable: tf.Variable): GraphOutput {
    return { oper: this.#read(variable), index: 0 };
  }

  /** The value of a variable after some operations that change it. */
  valueAfter(variable: tf.Variable, changes: readonly Pointer[]): GraphOutput {
    return { oper: this.#addRead(variable, changes), index: 0 };
  }

  /** The variable itself. */
  resource(variable: tf.Variable): GraphOutput {
    return this.#state(variable.name, () => variable).resource;
  }

  /** A variable that is another object after somebody has set the optimizer's state: it is asked for at each call. */
  slot(key: string, find: () => tf.Variable): GraphOutput {
    return this.#state(key, find).resource;
  }

  /**
   * The operations that must be over before a variable changes: those that use its value, too, or TensorFlow would change a copy
   * and hold both for a while.
   */
  usesOf(variable: tf.Variable): Pointer[] {
    const { read } = this.#state(variable.name, () => variable);
    return read === undefined ? [] : [read, ...this.#graph.consumers({ oper: read, index: 0 })];
  }

  /** Gives a variable a new value. */
  assign(variable: tf.Variable, value: GraphOutput): Pointer {
    return this.#graph.add("AssignVariableOp", [this.resource(variable), value], {
      attributes: [this.#type("dtype", value)],
      after: this.usesOf(variable),
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
    const handle = (): Pointer => {
      const value = read();
      if (value !== latest) {
        context.c.TFE_DeleteTensorHandle(kept.handle);
        kept.handle = scalar((latest = value));
      }
      return kept.handle;
    };
    const numbers = () => Float32Array.of(read());
    this.#numbers.set(key, (input = this.#input({ dtype: dataTypes.float, shape: [], handle, numbers })));
    return input;
  }

  /** A seed, which is another one at each call. */
  seed(): GraphOutput {
    return this.#integers(2, newSeed);
  }

  /** The attribute T of an operation that takes this. */
  typeOf(output: GraphOutput): Attribute {
    return this.#type("T", output);
  }

  /** The handles for a call. */
  handles(batch: Batch): Pointer[] {
    return this.list.map(({ handle }) => handle(batch));
  }

  /** Forgets what was read from variables while they were being changed on another thread. */
  settle(): void {
    for (const settle of this.#settles) settle();
  }

  close(): void {
    for (const { handle } of this.#kept) this.#runtime.context.c.TFE_DeleteTensorHandle(handle);
  }

  #rowNumbers(count: number): GraphOutput {
    return (this.#rows ??= this.#integers(count, ({ rows }) => rows!));
  }

  /** A row of int32 that is another one at each call. */
  #integers(count: number, numbers: (batch: Batch) => Int32Array): GraphOutput {
    const { context } = this.#runtime;
    const [dtype, shape] = [dataTypes.int32, [count]];
    const make = (values: Int32Array): Pointer => newHandle(context, shape, dtype, values);
    const kept = { handle: make(new Int32Array(count)) };
    this.#kept.push(kept);
    const handle = (batch: Batch): Pointer => {
      context.c.TFE_DeleteTensorHandle(kept.handle);
      return (kept.handle = make(numbers(batch)));
    };
    return this.#input({ dtype, shape, handle, numbers });
  }

  #input(feed: Feed): GraphOutput {
    this.list.push(feed);
    return this.#graph.input(feed.dtype, feed.shape);
  }

  #read(variable: tf.Variable): Pointer {
    const state = this.#state(variable.name, () => variable);
    return (state.read ??= this.#addRead(variable));
  }

  #addRead(variable: tf.Variable, after: readonly Pointer[] = []): Pointer {
    const { context, handles, idOf } = this.#runtime;
    const { dtype } = describeHandle(context, handles.get(idOf(variable)));
    const attributes = [attribute.type("dtype", dtype)];
    return this.#graph.add("ReadVariableOp", [this.resource(variable)], { attributes, after });
  }

  #state(key: string, find: () => tf.Variable): State {
    let state = this.#states.get(key);
    if (state !== undefined) return state;
    const { handles, ownIdOf } = this.#runtime;
    const resource = (): Pointer => handles.resource(ownIdOf(find()));
    this.#settles.push(resource);
    state = { resource: this.#input({ dtype: dataTypes.resource, handle: resource }) };
    this.#states.set(key, state);
    return state;
  }

  #type(name: string, output: GraphOutput): Attribute {
    return attribute.type(name, this.#graph.dtype(output));
  }
}
