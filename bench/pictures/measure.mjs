// Cats and dogs, 64x64 in batches of 32, from JPEG files: photos per second from our generator and from Keras', in turns. Needs the
// photos (small150.tar): CONVOSCOPE_DATA, else the directory beside the checkout. Random changes need SciPy in Keras' Python; PYTHONPATH may name a place that has it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { datasets } from "../../dist/index.js";
import { root, runNode, runPython } from "../python.mjs";
import { median, spread } from "../statistics.mjs";

const show = (rates) => spread(rates, "/s", 0);

function compareRates(title, ours, keras) {
  const ratio = (median(ours) / median(keras)).toFixed(2);
  return `${title}: Convoscope ${show(ours)}, Keras ${show(keras)}, ${ratio} times as many`;
}

export async function measurePictures({ rounds = 3, epochs = 3 } = {}) {
  const data = process.env.CONVOSCOPE_DATA ?? join(root, "../shared/data");
  const home = mkdtempSync(join(tmpdir(), "convoscope-bench-"));
  process.env.KERAS_HOME = home;
  const rates = { ours: [], keras: [] };
  try {
    const { train } = await datasets.catsAndDogs({ directory: join(data, "cats-dogs") });
    for (let round = 0; round < rounds; round++) {
      rates.ours.push(await runNode("bench/pictures/convoscope_pictures.mjs", [train, epochs]));
      rates.keras.push(await runPython("bench/pictures/keras_pictures.py", [train, epochs]));
    }
  } finally {
    delete process.env.KERAS_HOME;
    rmSync(home, { recursive: true, force: true });
  }
  const lines = [];
  for (const [kind, title] of Object.entries({ plain: "as they are", changed: "changed at random" })) {
    if (rates.keras.some((round) => round[kind] === null)) {
      lines.push(`photos ${title}: Keras needs SciPy for these`);
      continue;
    }
    const epochsOf = (who, from, to) => rates[who].flatMap((round) => round[kind].slice(from, to));
    const compare = (name, from, to) =>
      compareRates(`photos ${title}, ${name}`, epochsOf("ours", from, to), epochsOf("keras", from, to));
    lines.push(compare("first epoch", 0, 1), compare("later epochs", 1));
  }
  return lines;
}
