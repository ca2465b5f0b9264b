import { csvLogger } from "./callbacks/csvLogger.ts";
import { earlyStopping } from "./callbacks/earlyStopping.ts";
import { lambda } from "./callbacks/lambda.ts";
import { learningRateScheduler } from "./callbacks/learningRateScheduler.ts";
import { modelCheckpoint } from "./callbacks/modelCheckpoint.ts";
import { reduceLROnPlateau } from "./callbacks/reduceLROnPlateau.ts";
import { tensorBoard } from "./callbacks/tensorBoard.ts";
import { terminateOnNaN } from "./callbacks/terminateOnNaN.ts";

/** What `fit` can be told to do after epochs and batches, by name; each is a callback of TensorFlow.js's own `fit` too. */
export const callbacks = {
  csvLogger,
  earlyStopping,
  lambda,
  learningRateScheduler,
  modelCheckpoint,
  reduceLROnPlateau,
  tensorBoard,
  terminateOnNaN,
};
