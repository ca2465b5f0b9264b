import assert from "node:assert/strict";
import { stepsAtOnce } from "../../../src/keras/compiled/stepsAtOnce.ts";

describe("steps at once", () => {
  it("are several when a short step has run often enough for that to pay", () => {
    assert.equal(stepsAtOnce({ steps: 5000, least: 1 }), 4);
  });

  it("are one before", () => {
    assert.equal(stepsAtOnce({ steps: 10, least: 1 }), 1);
    assert.equal(stepsAtOnce({ steps: 0, least: Infinity }), 1);
  });

  it("are one where several would make whoever stops the training wait", () => {
    assert.equal(stepsAtOnce({ steps: 5000, least: 20 }), 1);
  });
});
