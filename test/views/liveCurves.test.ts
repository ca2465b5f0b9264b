import assert from "node:assert/strict";
import sharp from "sharp";
import { fit } from "../../src/keras/fit.ts";
import { setHost } from "../../src/jupyter/host.ts";
import type { MimeBundle } from "../../src/jupyter/mimeBundle.ts";
import { tf } from "../../src/tensorflow/tf.ts";
import { liveCurves } from "../../src/views/liveCurves.ts";

interface Shown {
  bundle: MimeBundle;
  displayId: string | undefined;
  update: boolean;
}

/** A notebook that keeps what it is shown. */
function newNotebook({ notebook = true } = {}) {
  const shown: Shown[] = [];
  const waiting: (() => void)[] = [];
  setHost({
    notebook,
    display(bundle, { displayId, update = false } = {}) {
      shown.push({ bundle, displayId, update });
      for (const done of waiting.splice(0)) done();
    },
  });
  return { shown, next: () => new Promise<void>((done) => waiting.push(done)) };
}

function newModel() {
  const model = tf.sequential({ layers: [tf.layers.dense({ inputShape: [2], units: 1 })] });
  model.compile({ optimizer: tf.train.sgd(0.01), loss: "meanSquaredError" });
  return model;
}

/** Tells a callback of epochs as fit does. */
async function train(
  live: ReturnType<typeof liveCurves>,
  epochs: Record<string, number>[],
  between?: () => Promise<void>,
) {
  const model = newModel();
  live.setParams({ epochs: epochs.length, steps: 10 });
  live.setModel(model);
  await live.onTrainBegin();
  for (const [epoch, logs] of epochs.entries()) {
    await live.onEpochBegin(epoch);
    await live.onBatchBegin(5);
    await live.onEpochEnd(epoch, logs);
    await between?.();
  }
  await live.onTrainEnd();
  model.dispose();
}

const falling = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    loss: 1 / (i + 1),
    val_loss: 2 / (i + 1),
    acc: i / count,
    val_acc: i / count,
  }));

describe("liveCurves", () => {
  afterEach(() => {
    setHost(undefined);
    tf.disposeVariables();
  });

  it("draws in place while fit trains and leaves the whole picture", async () => {
    const { shown } = newNotebook();
    const model = newModel();
    const [x, y] = [tf.ones([64, 2]), tf.ones([64, 1])];
    const live = liveCurves({ perSecond: 5 });
    const history = await fit(
      model,
      { x, y },
      { epochs: 4, callbacks: live, verbose: 0, validationSplit: 0.25 },
    );
    assert.equal(shown[0]!.update, false);
    assert.ok(shown.slice(1).every(({ update }) => update));
    assert.equal(new Set(shown.map(({ displayId }) => displayId)).size, 1);
    const { data, metadata } = shown.at(-1)!.bundle;
    const png = await sharp(Buffer.from(data["image/png"] as string, "base64")).metadata();
    assert.ok(png.width > 600);
    assert.match(metadata.alt as string, /over 4 epochs; best val_loss/);
    assert.deepEqual(
      live.view!.data.curves.find(({ name }) => name === "val_loss")!.values,
      history.history.val_loss,
    );
    tf.dispose([x, y]);
  });

  it("is a callback of TensorFlow.js's own fit as well, and makes no tensors", async () => {
    const { shown } = newNotebook();
    const model = newModel();
    const [x, y] = [tf.ones([8, 2]), tf.ones([8, 1])];
    await model.fit(x, y, { epochs: 1, verbose: 0 });
    const before = tf.memory().numTensors;
    await model.fit(x, y, { epochs: 2, verbose: 0, callbacks: liveCurves() });
    assert.equal(tf.memory().numTensors, before);
    assert.match(shown.at(-1)!.bundle.data["text/plain"] as string, /^Training, 2 epochs; best loss/);
    tf.dispose([x, y]);
  });

  it("says how far the training is, and shows the same kinds of data each time", async () => {
    const { shown, next } = newNotebook();
    // Every epoch waits for its picture: the last state is always drawn, only later.
    let waited = 0;
    await train(liveCurves({ perSecond: 5 }), falling(3), async () => {
      if (waited++ < 2) await next();
    });
    const moments = shown.slice(0, -1).map(({ bundle }) => bundle.data);
    assert.ok(moments.length >= 3);
    for (const data of moments) assert.deepEqual(Object.keys(data).sort(), ["text/html", "text/plain"]);
    assert.match(moments[0]!["text/plain"] as string, /^Training: epoch 1 of 3/);
    const late = moments.at(-1)!["text/plain"] as string;
    assert.match(late, /^Training: epoch [23] of 3.* · \d+ s left · best val_loss [\d.]+ in [12]$/);
    const html = moments.at(-1)!["text/html"] as string;
    assert.match(html, /<svg [^>]*role="img"/);
    for (const name of ["accuracy", "loss"]) assert.match(html, new RegExp(`>${name}<`));
  });

  it("draws no more often than it is told", async () => {
    const { shown } = newNotebook();
    await train(liveCurves({ perSecond: 0.001 }), falling(40));
    assert.equal(shown.length, 2, "the first and the last");
  });

  it("stays small for long trainings", async () => {
    const { shown, next } = newNotebook();
    let epoch = 0;
    await train(liveCurves({ perSecond: 5, smoothing: 0.5 }), falling(5000), async () => {
      if (++epoch === 4999) await next();
    });
    const sizes = shown.slice(0, -1).map(({ bundle }) => JSON.stringify(bundle.data).length);
    assert.ok(Math.max(...sizes) < 60_000, `${Math.max(...sizes)} bytes`);
    assert.ok(Math.max(...sizes) > 5_000);
  });

  it("shows losses that are no numbers, and learning rates that change", async () => {
    const { shown, next } = newNotebook();
    let epoch = 0;
    const logs = [
      { loss: 1, lr: 0.1 },
      { loss: NaN, lr: 0.01 },
      { loss: Infinity, lr: 0.01 },
    ];
    const live = liveCurves({ perSecond: 5 });
    await train(live, logs, async () => {
      if (++epoch === 2) await next();
    });
    assert.match(shown.at(-2)!.bundle.data["text/html"] as string, />×</);
    assert.match(live.view!.text, /not a number in 2 of 3 epochs/);
    assert.match(live.view!.text, /^lr/m);
  });

  it("shows one picture, the last one, where there is no notebook", async () => {
    const { shown } = newNotebook({ notebook: false });
    await train(liveCurves(), falling(3));
    assert.equal(shown.length, 1);
    assert.equal(shown[0]!.update, false);
  });

  it("leaves the whole picture also when the training is stopped", async () => {
    const { shown } = newNotebook();
    const model = newModel();
    const [x, y] = [tf.ones([64, 2]), tf.ones([64, 1])];
    const controller = new AbortController();
    const stop = { onEpochEnd: (epoch: number) => (epoch === 1 ? controller.abort() : undefined) };
    const options = {
      epochs: 9,
      callbacks: [liveCurves(), stop],
      verbose: 0,
      signal: controller.signal,
    } as const;
    await assert.rejects(fit(model, { x, y }, options), { name: "AbortError" });
    assert.match(shown.at(-1)!.bundle.data["text/plain"] as string, /^Training, 2 epochs/);
    assert.ok("image/png" in shown.at(-1)!.bundle.data);
    tf.dispose([x, y]);
  });

  it("says after the first epoch that there is no such metric", async () => {
    newNotebook();
    await assert.rejects(
      train(liveCurves({ monitor: "val_f1" }), falling(3)),
      /found "val_f1"; metrics: loss, /,
    );
    assert.throws(() => liveCurves({ perSecond: 30 }), /InputError: liveCurves: expected perSecond/);
  });
});
