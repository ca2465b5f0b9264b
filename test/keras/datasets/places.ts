import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { captureOutput } from "../captureOutput.ts";

// Made by NumPy, and read by Keras: test/fixtures/keras/makeDatasets.py.
const fixtures = join(import.meta.dirname, "../../fixtures/keras/datasets");

/** What Keras reads in the fixtures. */
export const expected = JSON.parse(readFileSync(join(fixtures, "expected.json"), "utf8")) as {
  mnist: { y_train: number[]; y_test: number[]; sums: number[] };
  cifar: { train: number[]; yTrain: number[]; yTest: number[]; last: number[] };
};

/** The places where datasets are looked for, empty ones, while a test runs. */
export interface Places {
  /** Holds `data`, which is CONVOSCOPE_DATA, and `keras`, which is KERAS_HOME. */
  directory: string;
  /** What was printed while {@link offline} ran last. */
  output: string;
  /** Runs without the network: whatever is asked for does not answer. */
  offline<T>(ask: () => Promise<T>): Promise<T>;
  /** Copies a fixture to a place in the directory. */
  copy(name: string, to: string): void;
}

/** In a suite: gives each of its tests such places. */
export function emptyPlaces(): Places {
  const saved = { ...process.env };
  const workingDirectory = process.cwd();
  const places: Places = {
    directory: "",
    output: "",
    async offline(ask) {
      const { fetch } = globalThis;
      globalThis.fetch = () => Promise.reject(new Error("no network here"));
      const capture = captureOutput();
      try {
        return await ask();
      } finally {
        places.output = capture.end();
        globalThis.fetch = fetch;
      }
    },
    copy(name, to) {
      mkdirSync(join(places.directory, to), { recursive: true });
      copyFileSync(join(fixtures, name), join(places.directory, to, name));
    },
  };
  beforeEach(() => {
    const directory = mkdtempSync(join(tmpdir(), "datasets-"));
    mkdirSync(join(directory, "data"));
    mkdirSync(join(directory, "keras/datasets"), { recursive: true });
    process.env.CONVOSCOPE_DATA = join(directory, "data");
    process.env.KERAS_HOME = join(directory, "keras");
    places.directory = directory;
  });
  afterEach(() => {
    process.chdir(workingDirectory);
    rmSync(places.directory, { recursive: true });
    for (const name of ["CONVOSCOPE_DATA", "KERAS_HOME"]) {
      if (saved[name] === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = saved[name];
    }
  });
  return places;
}
