import assert from "node:assert/strict";
import { fit } from "../../../src/keras/fit.ts";
import { tf } from "../../../src/tensorflow/tf.ts";
import { batches, leavesNothing, newModel, quiet } from "./network.ts";

describe("fit refuses in one line", () => {
  const clean = leavesNothing();

  const refuses = async (
    work: (model: tf.LayersModel) => Promise<unknown>,
    message: RegExp,
    model = newModel(),
  ) => {
    await assert.rejects(work(model), (error: Error) => {
      assert.equal(error.name, "InputError", error.stack);
      assert.match(error.message, message);
      return true;
    });
    clean(model);
  };
  const batch = (x: number[], y: number[]) => () => [{ xs: tf.zeros(x), ys: tf.zeros(y) }];

  it("a model that is not compiled", () =>
    refuses(
      (model) => fit(model, batches),
      /^fit: expected a compiled model, found ".*", not compiled/,
      tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [3] })] }),
    ));
  it("pictures of another size", () =>
    refuses(
      (model) => fit(model, batch([4, 28, 28, 1], [4, 2])),
      /^fit: expected xs of shape \[batch, 3\], found \[4, 28, 28, 1\]; look at targetSize/,
    ));
  it("targets of another number of classes", () =>
    refuses(
      (model) => fit(model, batch([4, 3], [4, 3])),
      /expected ys of shape \[batch, 2\], found \[4, 3\]; look at classMode/,
    ));
  it("targets without classes", () =>
    refuses(
      (model) => fit(model, batch([4, 3], [4])),
      /^fit: expected one-hot targets \[batch, 2\].* found \[4\], which look like the numbers of classes; use/,
    ));
  it("targets of another size", () =>
    refuses(
      (model) => fit(model, batch([4, 3], [4, 3])),
      /expected ys of shape \[batch, 2\], found \[4, 3\]/,
    ));
  it("another number of targets", () =>
    refuses((model) => fit(model, batch([4, 3], [5, 2])), /expected as many ys as xs, found 4 and 5/));
  it("batches without targets", () =>
    refuses(
      (model) => fit(model, () => [{ xs: tf.zeros([4, 3]) }]),
      /expected batches \{ xs, ys \}, found a batch without ys/,
    ));
  it("a generator that has ended", () =>
    refuses(
      (model) => fit(model, batches(), { epochs: 2, ...quiet }),
      /expected batches in epoch 2, found none; pass a function/,
    ));
  it("a split of batches", () =>
    refuses(
      (model) => fit(model, batches, { validationSplit: 0.2 }),
      /expected tensors with validationSplit, found batches/,
    ));
  it("no epochs", () =>
    refuses((model) => fit(model, batches, { epochs: 0 }), /expected epochs of at least 1, found 0/));
  it("a second training at once", async () => {
    const model = newModel();
    const first = fit(model, batches, { ...quiet });
    await assert.rejects(fit(model, batches), /expected a model at rest/);
    await first;
    clean(model);
  });
});
