import assert from "node:assert/strict";
import sharp from "sharp";
import { InputError } from "../../src/errors.ts";
import { curves } from "../../src/views/curves.ts";
import { findBestEpoch } from "../../src/views/bestEpoch.ts";

const history = {
  epoch: [0, 1, 2, 3],
  history: {
    val_loss: [0.9, 0.6, 0.7, 0.8],
    val_acc: [0.4, 0.75, 0.8, 0.8],
    loss: [1, 0.7, 0.5, 0.3],
    acc: [0.3, 0.7, 0.9, 0.95],
  },
};

describe("findBestEpoch", () => {
  it("is the first with the least loss", () => {
    assert.deepEqual(findBestEpoch("val_loss", [3, 1, 1, 2]), {
      monitor: "val_loss",
      mode: "min",
      epoch: 2,
      value: 1,
    });
  });

  it("is the first with the highest accuracy", () => {
    assert.deepEqual(findBestEpoch("val_accuracy", [0.1, 0.9, 0.9]), {
      monitor: "val_accuracy",
      mode: "max",
      epoch: 2,
      value: 0.9,
    });
  });

  it("is never one without a number", () => {
    assert.equal(findBestEpoch("loss", [NaN, 5, -Infinity])?.epoch, 2);
    assert.equal(findBestEpoch("loss", [NaN, NaN]), undefined);
  });
});

describe("curves", () => {
  it("finds the best epoch by val_loss", () => {
    assert.deepEqual(curves(history).data.best, { monitor: "val_loss", mode: "min", epoch: 2, value: 0.6 });
  });

  it("finds the best epoch by the metric asked for, under either of its names", () => {
    for (const monitor of ["val_accuracy", "val_acc"]) {
      assert.deepEqual(curves(history, { monitor }).data.best, {
        monitor: "val_acc",
        mode: "max",
        epoch: 3,
        value: 0.8,
      });
    }
  });

  it("says in words how the training went", () => {
    const { text } = curves(history, { monitor: "val_accuracy" });
    assert.equal(
      text,
      [
        "Training, 4 epochs; best val_acc 0.8 in epoch 3",
        "val_loss  first 0.9  last 0.8   best 2: 0.6",
        "val_acc   first 0.4  last 0.8   best 3: 0.8",
        "loss      first 1    last 0.3   best 4: 0.3",
        "acc       first 0.3  last 0.95  best 4: 0.95",
      ].join("\n"),
    );
  });

  it("comes as Vega-Lite 5, as PNG and as text", async () => {
    const { data, metadata } = await curves(history).bundle();
    assert.deepEqual(Object.keys(data).sort(), [
      "application/vnd.vegalite.v5+json",
      "image/png",
      "text/plain",
    ]);
    const chart = data["application/vnd.vegalite.v5+json"] as {
      $schema: string;
      concat: unknown[];
      background?: string;
    };
    assert.equal(chart.$schema, "https://vega.github.io/schema/vega-lite/v5.json");
    assert.equal(chart.background, undefined, "the page may be dark");
    assert.equal(chart.concat.length, 2, "accuracy and loss");
    assert.match(metadata.alt as string, /over 4 epochs; best val_loss 0.6 in epoch 2/);
    const { width = 0, hasAlpha } = await sharp(
      Buffer.from(data["image/png"] as string, "base64"),
    ).metadata();
    assert.equal((metadata["image/png"] as { width: number }).width, Math.round(width / 2));
    const { isOpaque } = await sharp(Buffer.from(data["image/png"] as string, "base64")).stats();
    assert.ok(isOpaque || !hasAlpha);
  });

  it("writes the best epoch into the chart", async () => {
    const svg = await curves(history, { monitor: "val_accuracy" }).svg!();
    assert.match(svg, />best 3: 0.8</);
    assert.match(svg, />epoch 3: 0.7</);
    assert.match(svg, />accuracy</);
  });

  it("shows epochs without a number", async () => {
    const view = curves({ history: { loss: [1, NaN, NaN], val_loss: [1, 0.9, NaN] } });
    assert.match(view.text, /loss +first 1 +last NaN +best 1: 1 +not a number in 2 of 3 epochs/);
    const svg = await view.svg!();
    assert.equal(svg.match(/>×</g)?.length, 3);
    assert.match(svg, />not a number</);
  });

  it("draws one epoch, and one curve without validation", async () => {
    const view = curves({ history: { loss: [0.5] } });
    assert.equal(view.data.best?.monitor, "loss");
    await assert.doesNotReject(view.png());
  });

  const slower = {
    history: { loss: [2, 1.5, 1.1], val_loss: [2, 1.4, 1.2], learning_rate: [0.1, 0.1, 0.001] },
  };

  it("lays several trainings over one another and finds the best of all", async () => {
    const view = curves({ "a name that is quite long": history, slower });
    assert.deepEqual(view.data.runs, ["a name that is quite long", "slower"]);
    assert.deepEqual(
      view.data.bestOfRuns.map(({ run, epoch, value }) => [run, epoch, value]),
      [
        ["a name that is quite long", 2, 0.6],
        ["slower", 3, 1.2],
      ],
    );
    assert.equal(view.data.best?.run, "a name that is quite long");
    assert.match(view.text, /best val_loss 0.6 in epoch 2 of a name that is quite long\n/);
    const svg = await view.svg!();
    for (const name of view.data.runs) assert.match(svg, new RegExp(`>${name}<`));
    assert.equal(svg.match(/>best 2: 0.6</g)?.length, 1);
  });

  it("numbers trainings without names", () => {
    assert.deepEqual(curves([history, slower]).data.runs, ["run 1", "run 2"]);
    assert.deepEqual(curves([history]).data.runs, [""]);
  });

  it("draws the learning rate as steps, with powers of ten, and marks nothing best in it", async () => {
    const { data, text } = curves(slower);
    assert.equal(data.curves.at(-1)!.metric, "learning rate");
    assert.match(text, /learning_rate +first 0.1 +last 0.001$/m);
    const svg = await curves(slower).svg!();
    assert.match(svg, />learning rate</);
  });

  it("smooths as TensorBoard does", () => {
    const { data } = curves({ history: { loss: [1, 3, NaN, 5] } }, { smoothing: 0.5 });
    // (0.5·1)/0.5, (0.25·1 + 0.5·3)/0.75, nothing, (0.125·1 + 0.25·3 + 0.5·5)/0.875
    assert.deepEqual(data.curves[0]!.smoothed, [1, 1.75 / 0.75, NaN, 3.375 / 0.875]);
  });

  it("has a logarithmic axis for losses and says what has no place on it", async () => {
    const values = { loss: [1, 0.01, 0], accuracy: [0.5, 0.9, 1] };
    const { data } = await curves({ history: values }, { scale: "log" }).bundle();
    const { concat } = data["application/vnd.vegalite.v5+json"] as {
      concat: { layer: { encoding?: { y?: { scale?: { type?: string } } } }[] }[];
    };
    const types = concat.map(
      ({ layer }) => layer.find(({ encoding }) => encoding?.y?.scale)?.encoding?.y?.scale?.type,
    );
    assert.deepEqual(types, [undefined, "log"]);
    assert.match(await curves({ history: values }, { scale: "log" }).svg!(), />not a number above 0</);
  });

  it("says in one line what it cannot take", () => {
    assert.throws(() => curves(history, { smoothing: 1 }), /^InputError: curves: expected smoothing/);
    assert.throws(() => curves(history, { scale: "log2" as "log" }), /^InputError: curves: expected scale/);
    assert.throws(() => curves({ first: history, second: 3 as never }), /found "second": number/);
    assert.throws(() => curves([]), /found no epoch/);
    assert.throws(
      () => curves({ history: {} }),
      (error: Error) => error instanceof InputError && error.message.includes("found no epoch"),
    );
    assert.throws(
      () => curves(history, { monitor: "f1" }),
      (error: Error) =>
        error instanceof InputError &&
        error.message.endsWith('found "f1"; metrics: val_loss, val_acc, loss, acc'),
    );
  });
});
