import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeBeside } from "../../atomicWrite.ts";
import { InputError } from "../../errors.ts";
import type { tf } from "../../tensorflow/tf.ts";
import { buildModel } from "./buildModel.ts";
import { isConfig, parseJson, toJson, type Config, type Described } from "./config.ts";
import { fromKerasConfig } from "./fromKerasConfig.ts";
import { readHdf5, writeHdf5 } from "./hdf5.ts";
import type { LoadOptions } from "./legacyHdf5.ts";
import type { MatchOptions } from "./modelWeights.ts";
import { readNumberedState, restoreState, stateOf, writeState } from "./optimizerState.ts";
import { toKerasConfig } from "./toKerasConfig.ts";
import { compileFrom, toCompileConfig, toTrainingConfig } from "./trainingConfig.ts";
import { fillWeights, takeWeights } from "./weightsHdf5.ts";
import { readZip, writeZip, type ZipMember } from "./zip.ts";

const weightsFile = "model.weights.h5";

/** The version whose form of archive is written. */
const kerasVersion = "3.0.0";

function member(members: Map<string, ZipMember>, name: string, path: string, who: string): ZipMember {
  const found = members.get(name);
  if (found) return found;
  const inside = [...members.keys()].slice(0, 5).join(", ");
  throw new InputError({ who, expected: `${name} in ${path}`, found: inside === "" ? "nothing" : inside });
}

/** HDF5 reads from a file of its own: the weights lie in one for as long as `use` runs. */
async function withWeights<T>(weights: ZipMember, use: (path: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), "convoscope-"));
  try {
    const path = join(directory, weightsFile);
    await weights.extract(path);
    return await use(path);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Makes the model in a `.keras` file of Keras 3, with its weights, compiled and in the state of training that it was in. */
export async function loadKerasArchive(
  path: string,
  { customObjects, compile = true }: LoadOptions,
): Promise<tf.LayersModel> {
  const who = "loadModel";
  const members = await readZip(path, who);
  const text = async (name: string) => (await member(members, name, path, who).read()).toString("utf8");
  const description = parseJson<Described>(await text("config.json"), path);
  const { keras_version: version } = parseJson<{ keras_version: string }>(await text("metadata.json"), path);
  const described = fromKerasConfig(description, path, version);
  return withWeights(member(members, weightsFile, path, who), (weights) =>
    readHdf5(weights, who, async (file) => {
      const model = await buildModel(described, { path, ...(customObjects && { customObjects }) });
      try {
        takeWeights(model, file, path, { who });
        const { compile_config: training } = description;
        if (compile && isConfig(training) && Object.keys(training).length > 0) {
          const state = readNumberedState(file, who);
          if (compileFrom(model, training, path) && state) restoreState(model, state, path);
        }
        return model;
      } catch (error) {
        model.dispose();
        throw error;
      }
    }),
  );
}

/** Sets a model's weights from a `.keras` file. */
export async function loadArchiveWeights(
  model: tf.LayersModel,
  path: string,
  options: MatchOptions,
): Promise<void> {
  const members = await readZip(path, options.who);
  await withWeights(member(members, weightsFile, path, options.who), (weights) =>
    readHdf5(weights, options.who, (file) => takeWeights(model, file, path, options)),
  );
}

/** Writes a model as Keras 3's `save("x.keras")`. */
export async function saveKerasArchive(
  model: tf.LayersModel,
  path: string,
  { includeOptimizer = true }: { includeOptimizer?: boolean },
): Promise<void> {
  const training = includeOptimizer ? toTrainingConfig(model) : undefined;
  const state = training && (await stateOf(model));
  const config: Config = {
    ...toKerasConfig(model, 3),
    ...(training && { compile_config: toCompileConfig(training) }),
  };
  const saved = new Date().toISOString().slice(0, 19).replace("T", "@");
  const json = (value: Config) => Buffer.from(toJson(value));
  await writeBeside(path, async (temporary) => {
    const weights = `${temporary}.h5`;
    try {
      await writeHdf5(weights, async (file) => {
        await fillWeights(file, model);
        if (state) await writeState(file.create_group("optimizer"), state);
      });
      await writeZip(temporary, [
        { name: "metadata.json", content: json({ keras_version: kerasVersion, date_saved: saved }) },
        { name: "config.json", content: json(config) },
        { name: weightsFile, content: { path: weights } },
      ]);
    } finally {
      await rm(weights, { force: true });
    }
  });
}
