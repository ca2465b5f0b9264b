import { modelCheckpoint } from "./modelCheckpoint.ts";

/** What `fit` can be told to do after epochs and batches, by name. */
export const callbacks = { modelCheckpoint };
