import assert from "node:assert/strict";
import * as convoscope from "../src/index.ts";

describe("convoscope", () => {
  it("exports these names and no others", () => {
    assert.deepEqual(Object.keys(convoscope).sort(), [
      "InputError",
      "activations",
      "applications",
      "backend",
      "callbacks",
      "clearOutput",
      "curves",
      "datasets",
      "display",
      "dtypePolicy",
      "extractFeatures",
      "fit",
      "gallery",
      "html",
      "imageDataGenerator",
      "imageToTensor",
      "initializers",
      "input",
      "layers",
      "loadImage",
      "loadModel",
      "loadWeights",
      "losses",
      "md",
      "metrics",
      "openComm",
      "optimizers",
      "registerCommTarget",
      "saveModel",
      "saveWeights",
      "setDtypePolicy",
      "setRandomSeed",
      "setThreads",
      "summary",
      "svg",
      "tf",
    ]);
  });
});
