import assert from "node:assert/strict";
import * as convoscope from "../src/index.ts";

describe("convoscope", () => {
  it("exports these names and no others", () => {
    assert.deepEqual(Object.keys(convoscope).sort(), [
      "InputError",
      "activations",
      "backend",
      "callbacks",
      "clearOutput",
      "curves",
      "datasets",
      "display",
      "fit",
      "gallery",
      "html",
      "imageDataGenerator",
      "input",
      "loadImage",
      "loadModel",
      "loadWeights",
      "md",
      "openComm",
      "registerCommTarget",
      "saveModel",
      "saveWeights",
      "setRandomSeed",
      "summary",
      "svg",
      "tf",
    ]);
  });
});
