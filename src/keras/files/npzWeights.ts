import { writeBeside } from "../../atomicWrite.ts";
import type { tf } from "../../tensorflow/tf.ts";
import { matchNamed, namedSources, setWeights, type MatchOptions, type NamedWeight } from "./modelWeights.ts";
import { readNpy, writeNpy } from "./npy.ts";
import { collect } from "./weight.ts";
import { readZip, writeZip, type ZipContent } from "./zip.ts";

/** Where `np.savez(path, *weights)` puts an array, if its name is one of those. */
const placeOf = (name: string) => Number(/^arr_(\d+)$/.exec(name)?.[1] ?? NaN);

/** Sets a model's weights from NumPy's archive of arrays: by their names, or in the order of Keras' `get_weights()`. */
export async function loadNpz(model: tf.LayersModel, path: string, options: MatchOptions): Promise<void> {
  const saved: NamedWeight[] = [];
  for (const [file, member] of await readZip(path, options.who)) {
    const name = file.replace(/\.npy$/, "");
    saved.push({ name, weight: readNpy(await member.read(), `${file} in ${path}`, options.who) });
  }
  if (saved.every(({ name }) => placeOf(name) >= 0)) saved.sort((a, b) => placeOf(a.name) - placeOf(b.name));
  setWeights(matchNamed(model, saved, options), options);
}

async function* arraysOf(model: tf.LayersModel): AsyncIterable<ZipContent> {
  for (const { kerasName, source } of namedSources(model)) {
    yield { name: `${kerasName}.npy`, content: writeNpy(source.shape, await collect(source)) };
  }
}

/** Writes a model's weights as `np.savez` would: `model.set_weights([file[name] for name in file.files])` in Python. */
export async function saveNpz(model: tf.LayersModel, path: string): Promise<void> {
  await writeBeside(path, (temporary) => writeZip(temporary, arraysOf(model)));
}
