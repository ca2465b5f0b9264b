import assert from "node:assert/strict";
import { setHost } from "../../../src/jupyter/host.ts";
import { fit, type FitOptions } from "../../../src/keras/fit.ts";
import { captureOutput } from "../captureOutput.ts";
import { batches, leavesNothing, newModel } from "./network.ts";

describe("fit says", () => {
  const clean = leavesNothing();

  const said = async (options: FitOptions): Promise<string> => {
    const model = newModel();
    const capture = captureOutput();
    let text = "";
    try {
      await fit(model, batches, options);
    } finally {
      text = capture.end();
    }
    clean(model);
    return text;
  };
  const line =
    /^Epoch (\d)\/2 {2}3\/3 ━{20} \d+\.\d s \d+ ms\/step - accuracy: \d\.\d{4} - loss: \d\.\d{4} - val_accuracy: \d\.\d{4} - val_loss: \d\.\d{4}$/;

  for (const verbose of [1, 2] as const) {
    it(`one line an epoch with verbose ${verbose}`, async () => {
      const text = await said({ epochs: 2, stepsPerEpoch: 3, validationData: batches, verbose });
      const lines = text.trimEnd().split("\n");
      assert.deepEqual(
        lines.map((one) => line.exec(one)?.[1]),
        ["1", "2"],
        text,
      );
    });
  }

  it("nothing with verbose 0", async () => assert.equal(await said({ epochs: 2, verbose: 0 }), ""));

  it("how far it is, at most five times a second, where somebody watches", async () => {
    setHost({ display: () => undefined, notebook: true });
    const wait = () => new Promise((resolve) => setTimeout(resolve, 120));
    const text = await said({
      stepsPerEpoch: 10,
      callbacks: { onBatchEnd: async () => void (await wait()) },
    }).finally(() => setHost(undefined));
    const updates = text.split("\r").slice(1);
    assert(updates.length >= 4 && updates.length <= 8, JSON.stringify(text));
    assert.match(updates[0]!, /^Epoch 1\/1 {2}[12]\/10 ━+╌+ .* - loss: \d\.\d{4}\s*$/);
    assert(updates.at(-1)!.endsWith("\n"));
  });
});
