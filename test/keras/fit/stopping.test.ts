import assert from "node:assert/strict";
import { setHost } from "../../../src/jupyter/host.ts";
import { fit, type FitOptions } from "../../../src/keras/fit.ts";
import { tf } from "../../../src/tensorflow/tf.ts";
import { batches, leavesNothing, newModel, quiet, weights, xs, ys } from "./network.ts";

describe("fit that is stopped by a signal", () => {
  const clean = leavesNothing();

  for (const [name, use] of Object.entries<(signal: AbortSignal) => FitOptions>({
    "of its own": (signal) => ({ signal }),
    "of the notebook": (signal) => {
      setHost({ display: () => undefined, notebook: true, signal });
      return {};
    },
  })) {
    it(`${name}, it ends after the batch, keeps weights and history, and leaves no tensor`, async () => {
      const model = newModel();
      const start = await weights(model);
      const abort = new AbortController();
      const heard: string[] = [];
      const callbacks = {
        onBatchEnd: (batch: number) =>
          void (heard.push(`batch ${batch}`), heard.length === 5 && abort.abort()),
        onEpochEnd: (epoch: number) => void heard.push(`epoch ${epoch}`),
      };
      const training = fit(model, batches, { epochs: 9, callbacks, ...quiet, ...use(abort.signal) });
      await assert.rejects(training, { name: "AbortError" }).finally(() => setHost(undefined));
      assert.deepEqual(heard, ["batch 0", "batch 1", "batch 2", "epoch 0", "batch 0"]);
      assert.notDeepEqual(await weights(model), start);
      assert.equal((model.history as unknown as { epoch: number[] }).epoch.length, 1);
      // And it can be trained on.
      await fit(model, batches, { ...quiet });
      clean(model);
    });
  }

  it("lets a timer abort it although the data never wait", async () => {
    const model = newModel();
    const [x, y] = [xs(), ys()];
    const training = fit(model, { x, y }, { epochs: 100_000, signal: AbortSignal.timeout(200), ...quiet });
    await assert.rejects(training, { name: "TimeoutError" });
    tf.dispose([x, y]);
    clean(model);
  });
});
