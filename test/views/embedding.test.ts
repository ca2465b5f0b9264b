import assert from "node:assert/strict";
import { tf } from "../../src/tensorflow/tf.ts";
import { InputError } from "../../src/errors.ts";
import { embedding } from "../../src/views/embedding.ts";
import { assertClose, verdicts } from "../inspect/verdicts.ts";

/** Three groups of ten, far from one another. */
function groups() {
  const labels = Array.from({ length: 30 }, (_, i) => i % 3);
  const noise = tf.randomNormal([30, 5], 0, 0.1, "float32", 3);
  const centres = tf.tensor2d([
    [0, 0, 0, 0, 0],
    [5, 5, 0, 0, 0],
    [0, 5, 5, 0, 5],
  ]);
  return { labels, features: centres.gather(labels).add(noise) };
}

describe("embedding", () => {
  it("lays features out by their principal components, as scikit-learn does", async () => {
    const { data, text } = await embedding(tf.tensor2d(verdicts.features));
    assertClose(data.points.flat(), verdicts.pca.tall.points.flat(), 1e-5);
    assertClose(data.ratios!, verdicts.pca.tall.ratios, 1e-6);
    assert.match(
      text,
      /^PCA of features: 40 pictures, 9 numbers each; \d+% of the variance is seen; \d+% of the 10 nearest are kept$/,
    );
  });

  for (const method of ["tsne", "umap"] as const) {
    it(`keeps groups together, the same for the same seed: ${method}`, async () => {
      const { labels, features } = groups();
      const options = { method, labels, perplexity: 5, neighbours: 5, seed: 4 };
      const { data } = await embedding(features, options);
      assert.equal(data.agreement, 1);
      assert.ok(data.points.flat().every(Number.isFinite));
      assert.deepEqual((await embedding(features, options)).data.points, data.points);
    });
  }

  it("asks a model, and shows the pictures", async () => {
    const model = tf.sequential({
      layers: [tf.layers.flatten({ inputShape: [2, 2, 1], name: "flat" }), tf.layers.dense({ units: 2 })],
    });
    const images = tf.randomUniform([12, 2, 2, 1], 0, 1, "float32", 2);
    const view = await embedding(model, images, {
      labels: ["a", "b", "c", "a", "b", "c", "a", "b", "c", "a", "b", "c"],
    });
    assert.match(view.text, /^PCA of flat: 12 pictures, 4 numbers each/);
    assert.match(await view.svg!(), /<image/);
    assert.doesNotMatch(await (await embedding(model, images, { thumbnails: false })).svg!(), /<image/);
  });

  it("takes a sample of many pictures, and says so", async () => {
    const { data, text } = await embedding(tf.randomNormal([1500, 3], 0, 1, "float32", 1));
    assert.equal(data.points.length, 1000);
    assert.match(text, /1000 of 1,500 pictures, drawn at random with seed 1/);
  });

  it("leaves no tensor, also when it is stopped", async () => {
    const { features } = groups();
    const before = tf.memory().numTensors;
    await embedding(features);
    const signal = AbortSignal.abort();
    await assert.rejects(embedding(features, { method: "tsne", signal }), { name: "AbortError" });
    await assert.rejects(embedding(features, { method: "umap", signal }), { name: "AbortError" });
    assert.equal(tf.memory().numTensors, before);
  });

  it("says in one line what it cannot take", async () => {
    const says = (work: Promise<unknown>, message: RegExp) =>
      assert.rejects(work, (error: Error) => error instanceof InputError && message.test(error.message));
    await says(embedding(tf.zeros([2, 4])), /at least 3 pictures, found 2/);
    await says(embedding(tf.zeros([4, 4]), { method: "pls" as never }), /method: one of pca, tsne, umap/);
    await says(embedding(tf.zeros([4, 4]), { labels: [1] }), /labels for 4 pictures, found 1/);
    await says(embedding(tf.fill([4, 4], NaN)), /finite features/);
    await says(embedding([1, 2] as never), /a model, or a tensor of features/);
    await says(embedding(tf.zeros([4, 4]), { method: "tsne", perplexity: 0 }), /perplexity: a number from 1/);
  });
});
