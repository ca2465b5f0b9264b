import { join } from "node:path";
import type { tf } from "../../tensorflow/tf.ts";
import type { Checksum } from "../download/checksum.ts";
import { fetchFile } from "../download/fetchFile.ts";
import { kerasHome } from "../download/kerasHome.ts";
import { loadWeights } from "../modelFiles.ts";

/** Where the weights of an application are published. */
export interface PublishedWeights {
  url: string;
  hash?: Checksum;
  who: string;
  signal: AbortSignal | undefined;
}

/** The file of weights that the user's choice stands for; the published ones are downloaded if they are not in Keras' cache. */
export async function findWeights(
  weights: string | null,
  { url, ...options }: PublishedWeights,
): Promise<string | null> {
  if (weights !== "imagenet") return weights;
  return fetchFile(url, { ...options, directory: join(kerasHome(), "models") });
}

/** Sets a new model's weights, or gives the model up. */
export async function withWeights(model: tf.LayersModel, file: string | null): Promise<tf.LayersModel> {
  try {
    if (file !== null) await loadWeights(model, file);
    return model;
  } catch (error) {
    model.dispose();
    throw error;
  }
}
