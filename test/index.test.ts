import assert from "node:assert/strict";
import * as convoscope from "../src/index.ts";

describe("convoscope", () => {
  it("exports these names and no others", () => {
    assert.deepEqual(Object.keys(convoscope).sort(), [
      "InputError",
      "activations",
      "backend",
      "callbacks",
      "curves",
      "datasets",
      "display",
      "fit",
      "gallery",
      "imageDataGenerator",
      "loadImage",
      "loadModel",
      "loadWeights",
      "saveModel",
      "saveWeights",
      "setRandomSeed",
      "summary",
      "tf",
    ]);
  });
});
