import { tf } from "../../../tensorflow/tf.ts";
import type { Kwargs, LayerArgs } from "../kerasLayer.ts";
import { maskOf } from "../masks.ts";
import { CallLayer } from "./callLayer.ts";
import { andMasks, causalMask, drop, hide } from "./masks.ts";
import type { AttentionCall } from "./multiHeadAttention.ts";

export interface AttentionSettings {
  useScale: boolean;
  scoreMode: "dot" | "concat";
  dropout: number;
  seed: number | null;
}

type Call = Omit<AttentionCall, "roles">;

/** How much of each value goes into a result is said by the product of its key with the query (Luong and others 2015). */
export class Attention<Settings extends Partial<AttentionSettings> = AttentionSettings> extends CallLayer<
  Settings,
  Call
> {
  static readonly className: string = "Attention";
  protected scale: tf.LayerVariable | undefined;
  #sumScale: tf.LayerVariable | undefined;

  constructor(
    args: LayerArgs & Partial<Settings> = {},
    defaults = { useScale: false, scoreMode: "dot", dropout: 0, seed: null } as unknown as Settings,
  ) {
    super(args, defaults);
    this.supportsMasking = true;
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const one = (name: string) => this.addWeight(name, [], undefined, tf.initializers.ones());
    if (this.settings.useScale) this.scale = one("scale");
    if (this.settings.scoreMode === "concat") this.#sumScale = one("concat_score_weight");
    super.build(inputShape);
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const [query, value] = inputShape as [tf.Shape, tf.Shape];
    const result = [...query.slice(0, -1), value.at(-1)!];
    if (this.callSettings.returnAttentionScores !== true) return result;
    // TensorFlow.js takes a list of shapes for that of several results.
    return [result, [...query.slice(0, -1), value.at(-2)!]] as unknown as tf.Shape;
  }

  /** Of each step of the query for each of the keys. */
  protected score(query: tf.Tensor, key: tf.Tensor): tf.Tensor {
    if (this.#sumScale) {
      const sums = query.expandDims(-2).add(key.expandDims(-3));
      const scaled = this.scale ? sums.mul(this.scale.read()) : sums;
      return scaled.tanh().sum(-1).mul(this.#sumScale.read());
    }
    const products = tf.matMul(query, key, false, true);
    return this.scale ? products.mul(this.scale.read()) : products;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Kwargs): tf.Tensor | tf.Tensor[] {
    return tf.tidy(() => {
      const [query, value, key = value] = inputs as [tf.Tensor, tf.Tensor, tf.Tensor?];
      // A call may give both masks, or that of the query alone.
      const given = [kwargs.mask as tf.Tensor | (tf.Tensor | null)[] | undefined].flat();
      const ofQuery = (given[0] ?? maskOf(query))?.toBool();
      const ofValue = (given[1] ?? maskOf(value))?.toBool().expandDims(-2);
      const isCausal = this.callSettings.useCausalMask === true;
      const causal = isCausal ? causalMask(query.shape.at(-2)!, value.shape.at(-2)!) : undefined;
      const scores = this.score(query, key);
      const mask = andMasks(ofValue, causal)?.broadcastTo(scores.shape);
      const weights = tf.softmax(hide(scores, mask));
      const result = tf.matMul(drop(weights, this.settings.dropout ?? 0, kwargs.training), value);
      const masked = ofQuery ? result.mul(ofQuery.expandDims(-1).toFloat()) : result;
      return this.callSettings.returnAttentionScores === true ? [masked, weights] : masked;
    });
  }

  override computeMask(_: tf.Tensor | tf.Tensor[], mask?: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const ofQuery = [mask].flat()[0] ?? null;
    const isOne = this.callSettings.returnAttentionScores !== true;
    return (isOne ? ofQuery : [ofQuery, null]) as tf.Tensor;
  }
}

/** Attention by a sum of query and key instead of their product (Bahdanau and others 2015). */
export class AdditiveAttention extends Attention<Omit<AttentionSettings, "scoreMode">> {
  static override readonly className: string = "AdditiveAttention";

  constructor(args: LayerArgs & Partial<Omit<AttentionSettings, "scoreMode">> = {}) {
    super(args, { useScale: true, dropout: 0, seed: null });
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    if (this.settings.useScale) {
      const [query] = inputShape as [tf.Shape];
      const initializer = tf.initializers.glorotUniform({});
      this.scale = this.addWeight("scale", [query.at(-1)!], undefined, initializer);
    }
    this.built = true;
  }

  protected override score(query: tf.Tensor, key: tf.Tensor): tf.Tensor {
    const sums = query.expandDims(-2).add(key.expandDims(-3)).tanh();
    return (this.scale ? sums.mul(this.scale.read()) : sums).sum(-1);
  }
}

tf.serialization.registerClass(Attention);
tf.serialization.registerClass(AdditiveAttention);
