import { callbacks as kerasCallbacks } from "./keras/callbacks.ts";
import { recordHistograms } from "./views/histograms.ts";
import { liveCurves } from "./views/liveCurves.ts";

/** What `fit` can be told to do after epochs and batches, by name; each is a callback of TensorFlow.js's own `fit` too. */
export const callbacks = { ...kerasCallbacks, liveCurves, recordHistograms };
