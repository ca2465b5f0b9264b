import { tf } from "../../../tensorflow/tf.ts";
import { contract } from "../contract.ts";
import type { Kwargs, LayerArgs } from "../kerasLayer.ts";
import { maskOf } from "../masks.ts";
import { CallLayer } from "./callLayer.ts";
import { andMasks, causalMask, drop, hide } from "./masks.ts";
import { readWeightSettings, type WeightArgs, type WeightSettings } from "./weightSettings.ts";

/** What a tensor of a call is, by Keras' name in camelCase. */
export type Role = "query" | "value" | "key" | "queryMask" | "valueMask" | "keyMask" | "attentionMask";

/** Settings of a call. */
export interface AttentionCall {
  /** What the tensors are. Default: query, value and key; without a key the value is taken for it. */
  roles?: Role[];
  /** Whether no step sees a later one. Default false. */
  useCausalMask?: boolean;
  /** Whether the weights of the values are a second result. Default false. */
  returnAttentionScores?: boolean;
}

export interface MultiHeadSettings {
  numHeads: number;
  /** Length of a query and of a key in each head. */
  keyDim: number;
  valueDim: number | null;
  dropout: number;
  useBias: boolean;
  useGate: boolean;
  /** What the result's last axes are. Default: as long as the query's last. */
  outputShape: number | number[] | null;
  /** Which axes are attended to. Default: all but the first and the last. */
  attentionAxes: number | number[] | null;
  seed: number | null;
}

export type MultiHeadArgs = LayerArgs & WeightArgs & Partial<MultiHeadSettings>;

interface Projection {
  kernel: tf.LayerVariable;
  bias: tf.LayerVariable | undefined;
}

const defaultRoles: Role[] = ["query", "value", "key"];
const letters = "abcdefgijklm";

/** Products of queries and keys in several heads say how much of each value goes into a result (Vaswani and others 2017). */
export class MultiHeadAttention extends CallLayer<MultiHeadSettings, AttentionCall> {
  static readonly className: string = "MultiHeadAttention";
  /** Names of the groups that the weights have in Keras 3's files. */
  protected readonly groupPrefix: string = "";
  readonly #weights: WeightSettings;
  readonly #projections = new Map<string, Projection>();

  constructor(args: MultiHeadArgs & { numHeads: number; keyDim: number }) {
    super(args, {
      numHeads: args.numHeads,
      keyDim: args.keyDim,
      valueDim: null,
      dropout: 0,
      useBias: true,
      useGate: false,
      outputShape: null,
      attentionAxes: null,
      seed: null,
    });
    this.supportsMasking = true;
    this.#weights = readWeightSettings(args);
  }

  /** How many heads keys and values have. */
  protected get valueHeads(): number {
    return this.settings.numHeads;
  }

  get #valueDim(): number {
    return this.settings.valueDim ?? this.settings.keyDim;
  }

  get #roles(): Role[] {
    return this.callSettings.roles ?? defaultRoles;
  }

  #find<Value>(given: Value | Value[], role: Role): Value | undefined {
    return (given as Value[])[this.#roles.indexOf(role)];
  }

  #addProjection(name: string, from: number[], to: number[]): void {
    const add = (weight: "kernel" | "bias", shape: number[]) =>
      this.addWeight(`${name}/${weight}`, shape, undefined, ...this.#weights.of(weight));
    const kernel = add("kernel", [...from, ...to]);
    this.#projections.set(name, { kernel, bias: this.settings.useBias ? add("bias", to) : undefined });
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const shapes = inputShape as tf.Shape[];
    const lengthOf = (role: Role) => this.#find(shapes, role)?.at(-1);
    const [query, value] = [lengthOf("query")!, lengthOf("value")!];
    const { numHeads, keyDim, useGate, outputShape } = this.settings;
    this.#addProjection("query", [query], [numHeads, keyDim]);
    this.#addProjection("key", [lengthOf("key") ?? value], [this.valueHeads, keyDim]);
    if (useGate) this.#addProjection("gate", [query], [numHeads, this.#valueDim]);
    this.#addProjection("value", [value], [this.valueHeads, this.#valueDim]);
    this.#addProjection("attention_output", [numHeads, this.#valueDim], [outputShape ?? query].flat());
    super.build(inputShape);
  }

  /** Where Keras 3's files have the weights. */
  weightGroups(): [path: string, weights: tf.LayerVariable[]][] {
    const groups: Record<string, string> = { attention_output: "output_dense", gate: "_gate_dense" };
    return [...this.#projections].map(([name, { kernel, bias }]) => [
      groups[name]?.startsWith("_") ? groups[name] : `${this.groupPrefix}${groups[name] ?? `${name}_dense`}`,
      bias ? [kernel, bias] : [kernel],
    ]);
  }

  /** The places of the query that attend, counted from its first axis. */
  #axes(rank: number): number[] {
    const { attentionAxes } = this.settings;
    if (attentionAxes === null) return Array.from({ length: rank - 2 }, (_, index) => index + 1);
    return [attentionAxes].flat().map((axis) => (axis < 0 ? axis + rank : axis));
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const shapes = inputShape as tf.Shape[];
    const [query, value] = [this.#find(shapes, "query")!, this.#find(shapes, "value")!];
    const result = [...query.slice(0, -1), ...[this.settings.outputShape ?? query.at(-1)!].flat()];
    if (this.callSettings.returnAttentionScores !== true) return result;
    const axes = this.#axes(query.length);
    const kept = query.slice(0, -1).filter((_, axis) => !axes.includes(axis));
    const scores = [
      ...kept,
      this.settings.numHeads,
      ...axes.map((axis) => query[axis]!),
      ...axes.map((axis) => value[axis]!),
    ];
    // TensorFlow.js takes a list of shapes for that of several results.
    return [result, scores] as unknown as tf.Shape;
  }

  #project(x: tf.Tensor, name: string): tf.Tensor {
    const { kernel, bias } = this.#projections.get(name)!;
    const heads = contract("...y,ynh->...nh", x, kernel.read());
    return bias ? heads.add(bias.read()) : heads;
  }

  /** Keys and values in as many heads as queries have. */
  #spread(x: tf.Tensor): tf.Tensor {
    const times = this.settings.numHeads / this.valueHeads;
    if (times === 1) return x;
    const copies = Array.from({ length: times }, () => x);
    return tf.stack(copies, -2).reshape([...x.shape.slice(0, -2), this.settings.numHeads, x.shape.at(-1)!]);
  }

  #maskFor(tensors: tf.Tensor[], masks: (tf.Tensor | null | undefined)[]): tf.Tensor | undefined {
    const given = (role: Role) => this.#find(tensors, role)?.toBool();
    /** That of the call, else the one that the tensor has. */
    const own = (role: "query" | "value" | "key") => {
      const tensor = this.#find(tensors, role);
      return given(`${role}Mask`) ?? (tensor && maskOf(tensor)?.toBool());
    };
    const [query, value] = [this.#find(tensors, "query")!, this.#find(tensors, "value")!];
    const mask = [
      given("attentionMask"),
      (own("query") ?? masks[0]?.toBool())?.expandDims(-1),
      own("value")?.expandDims(-2),
      own("key")?.expandDims(-2),
      this.callSettings.useCausalMask === true ? causalMask(query.shape[1]!, value.shape[1]!) : undefined,
    ].reduce(andMasks);
    if (mask === undefined) return undefined;
    // The same for each head, and for each place that does not attend.
    const axes = this.#axes(query.rank).length;
    const rank = query.rank + axes;
    return Array.from({ length: rank - mask.rank }).reduce<tf.Tensor>(
      (wide) => wide.expandDims(wide.rank - 2 * axes),
      mask,
    );
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Kwargs): tf.Tensor | tf.Tensor[] {
    const { keyDim, dropout, useGate } = this.settings;
    return tf.tidy(() => {
      const tensors = [inputs].flat();
      const [query, value] = [this.#find(tensors, "query")!, this.#find(tensors, "value")!];
      const key = this.#find(tensors, "key") ?? value;
      const axes = this.#axes(query.rank);
      // A letter for each place; those that attend have another one for the values.
      const places = [...letters.slice(0, query.rank - 1)];
      const ofQuery = places.join("");
      const ofValue = places
        .map((place, axis) => (axes.includes(axis) ? place.toUpperCase() : place))
        .join("");
      const kept = places.filter((_, axis) => !axes.includes(axis)).join("");
      const attending = axes.map((axis) => places[axis]!).join("");
      const ofScores = `${kept}n${attending}${attending.toUpperCase()}`;
      const queries = this.#project(query, "query").div(Math.sqrt(keyDim));
      const keys = this.#spread(this.#project(key, "key"));
      const values = this.#spread(this.#project(value, "value"));
      const products = contract(`${ofQuery}nh,${ofValue}nh->${ofScores}`, queries, keys);
      const seen = hide(products, this.#maskFor(tensors, [kwargs.mask as tf.Tensor | undefined].flat()));
      const flat = seen.reshape([...seen.shape.slice(0, seen.rank - axes.length), -1]);
      const scores = tf.softmax(flat).reshape(seen.shape);
      const dropped = drop(scores, dropout, kwargs.training);
      const mixed = contract(`${ofScores},${ofValue}nh->${ofQuery}nh`, dropped, values);
      const gated = useGate ? mixed.mul(this.#project(query, "gate").sigmoid()) : mixed;
      const { kernel, bias } = this.#projections.get("attention_output")!;
      const ends = letters.slice(-(kernel.shape.length - 2));
      const sums = contract(`...nh,nh${ends}->...${ends}`, gated, kernel.read());
      const result = bias ? sums.add(bias.read()) : sums;
      return this.callSettings.returnAttentionScores === true ? [result, scores] : result;
    });
  }

  override computeMask(_: tf.Tensor | tf.Tensor[], mask?: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const ofQuery = [mask].flat()[0] ?? null;
    const isOne = this.callSettings.returnAttentionScores !== true;
    return (isOne ? ofQuery : [ofQuery, null]) as tf.Tensor;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.#weights.config };
  }
}

export interface GroupedQuerySettings extends Omit<MultiHeadSettings, "numHeads" | "keyDim" | "valueDim"> {
  headDim: number;
  numQueryHeads: number;
  numKeyValueHeads: number;
}

/** Attention in which several heads of queries share keys and values (Ainslie and others 2023). */
export class GroupedQueryAttention extends MultiHeadAttention {
  static override readonly className: string = "GroupedQueryAttention";
  protected override readonly groupPrefix: string = "_";
  readonly #heads: { headDim: number; numQueryHeads: number; numKeyValueHeads: number };

  constructor(
    args: LayerArgs &
      WeightArgs &
      Partial<GroupedQuerySettings> & { headDim: number; numQueryHeads: number; numKeyValueHeads: number },
  ) {
    const { headDim, numQueryHeads, numKeyValueHeads } = args;
    super({ ...args, numHeads: numQueryHeads, keyDim: headDim });
    this.#heads = { headDim, numQueryHeads, numKeyValueHeads };
  }

  protected override get valueHeads(): number {
    return this.#heads.numKeyValueHeads;
  }

  override getConfig(): tf.serialization.ConfigDict {
    const ofHeads = ["numHeads", "keyDim", "valueDim", "outputShape", "attentionAxes"];
    const config = Object.entries(super.getConfig()).filter(([key]) => !ofHeads.includes(key));
    return { ...Object.fromEntries(config), ...this.#heads };
  }
}

tf.serialization.registerClass(MultiHeadAttention);
tf.serialization.registerClass(GroupedQueryAttention);
