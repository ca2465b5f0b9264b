import { InputError } from "../errors.ts";
import { countAnswers } from "../inspect/ablation.ts";
import { findSite } from "../inspect/findSite.ts";
import { openModel } from "../inspect/modelGraph.ts";
import { findHead, findOutput } from "../inspect/head.ts";
import { labelledBatches, type LabelledData } from "../inspect/labelledBatches.ts";
import { siteChannels } from "../inspect/siteChannels.ts";
import type { Model } from "../inspect/tensors.ts";
import { formatNumber } from "../render/formatNumber.ts";
import { ablationChart } from "./ablationChart.ts";
import { checkWhole } from "./checkOption.ts";
import { withPatience } from "./patience.ts";
import { createChartView } from "./chartView.ts";
import type { View } from "./view.ts";

/** How {@link ablate} judges. */
export interface AblateOptions {
  /** Of several outputs, the one that is judged, by name or index. Default: the first. */
  output?: string | number;
  /** Which use of a layer that the model uses several times. Default 0. */
  use?: number;
  /** How many pictures go through the model at once. Default 64. */
  batchSize?: number;
  /** Default: the layer and the model. */
  title?: string;
  /** Stops after the batch that is running. Default: the notebook's stop button. */
  signal?: AbortSignal;
}

/** The numbers behind the picture of {@link ablate}. */
export interface AblationData {
  layer: string;
  /** How many pictures were judged. */
  count: number;
  /** The share that is answered right with all channels. */
  accuracy: number;
  channels: number[];
  /** The same without each of `channels`. */
  accuracies: number[];
  /** How much accuracy is lost without each: what it contributes. Below 0: the model is better without it. */
  losses: number[];
}

/**
 * Shows what each filter of a layer contributes: how much accuracy is lost when its maps are 0. Nothing is trained, nothing in the model
 * is changed.
 *
 * ```ts
 * const model = tf.sequential({ layers: [tf.layers.conv2d({ inputShape: [8, 8, 1], filters: 4, kernelSize: 3, name: "conv" })] });
 * model.add(tf.layers.flatten());
 * model.add(tf.layers.dense({ units: 2, activation: "softmax" }));
 * const data = { x: tf.randomUniform([20, 8, 8, 1]), y: tf.oneHot(tf.zeros([20], "int32"), 2) };
 * const view = await ablate(model, "conv", [0, 3], data);
 * view.data.losses; // of filters 0 and 3
 * ```
 *
 * A filter without a loss is not useless: others may do the same. Zero is what a filter behind a ReLU says when it sees nothing; behind
 * batch normalization it may be a strong statement.
 *
 * @param layer by name (inside nested models `"vgg16/block5_conv3"`) or index
 * @param channels by index, or a number for that many from the start; undefined: all
 * @param data `{ x, y }` or `[x, y]`, or batches `{ xs, ys }`
 * @throws InputError for a layer or channel that is not there, classes that do not fit the output, or no pictures
 */
export async function ablate(
  model: Model,
  layer: string | number,
  channels: number | readonly number[] | undefined,
  data: LabelledData,
  { output, use, batchSize = 64, title, signal }: AblateOptions = {},
): Promise<View<AblationData>> {
  const who = "ablate";
  checkWhole(who, "batchSize", batchSize);
  const graph = openModel(model, who);
  const site = findSite(graph, { layer, use, who });
  const chosen = siteChannels(site, channels, who);
  const slot = graph.outputs[findOutput(graph, output, who)]!;
  const { shape: answer } = graph.sites.find((each) => each.slot === slot)!;
  if (answer.length !== 2) {
    const found = `[${answer
      .slice(1)
      .map((size) => size ?? "any")
      .join(", ")}] for each picture`;
    throw new InputError({ who, expected: "an output with a row of scores", found });
  }
  const { activation } = findHead(graph, slot);
  const right = { all: 0, without: chosen.map(() => 0) };
  let count = 0;
  await withPatience("Ablation", signal, async (afterBatch) => {
    for await (const batch of labelledBatches(graph, data, batchSize, who)) {
      try {
        const found = await countAnswers(graph, { site, output: slot, activation }, batch, chosen);
        if (found === undefined) {
          const expected = "a layer that the output depends on";
          throw new InputError({ who, expected, found: `"${site.path}"` });
        }
        right.all += found.all;
        found.without.forEach((number, i) => (right.without[i]! += number));
        count += batch.classes.size;
      } finally {
        batch.dispose();
      }
      await afterBatch(count, batch.total ?? count);
    }
  });
  if (count === 0) throw new InputError({ who, expected: "pictures", found: "none" });

  const accuracy = right.all / count;
  const accuracies = right.without.map((number) => number / count);
  const losses = accuracies.map((other) => accuracy - other);
  const found: AblationData = {
    layer: site.path,
    count,
    accuracy,
    channels: [...chosen],
    accuracies,
    losses,
  };
  const heading = title ?? `Ablation of “${site.path}” in ${model.name}`;
  const lines = [heading, ...describe(found)];
  return createChartView({
    data: found,
    text: lines.join("\n"),
    alt: lines.slice(0, 2).join(": "),
    chart: ablationChart(found, lines),
  });
}

function describe({ count, accuracy, channels, accuracies, losses }: AblationData): string[] {
  const percent = (share: number): string => `${formatNumber(100 * share)}%`;
  const most = losses.indexOf(Math.max(...losses));
  const none = losses.filter((loss) => loss === 0).length;
  const better = losses.filter((loss) => loss < 0).length;
  const counts =
    losses[most]! > 0
      ? `channel ${channels[most]!} counts most: ${percent(accuracies[most]!)} without it`
      : "no single channel is missed";
  return [
    `accuracy ${percent(accuracy)} on ${count} pictures; ${counts}`,
    `without one of them: ${losses.length - none - better} of ${losses.length} channels are missed, ${none} change nothing, ${better} are better gone`,
  ];
}
