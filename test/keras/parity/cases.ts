import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A layer: Keras' name of its class and Keras' arguments. */
export type LayerSpec = [kind: string, options: Record<string, unknown>];

/** What is trained; make.py beside cases.json explains the fields. */
export interface Case {
  group: string;
  name: string;
  input?: number[];
  inputs?: Record<string, number[]>;
  integers?: number;
  layers?: LayerSpec[];
  nodes?: Record<string, [layer: LayerSpec | string, ...sources: string[]]>;
  outputs?: string[];
  targets: TargetKind | TargetKind[];
  loss: string | string[];
  optimizer: [kind: string, options: Record<string, number | boolean>];
  metrics?: string[] | string[][];
  loss_weights?: number[];
  class_weight?: number[];
  sample_weight?: boolean;
  frozen?: number[];
  epochs?: number;
  steps?: number;
  tolerance?: number;
  tensorflowjs?: string;
}

export type TargetKind = "classes" | "indices" | "binary" | "labels" | "signs" | "positive" | "distribution";

/** What Keras reported. */
export interface Reported {
  /** The values of each log, `loss` among them, step by step or epoch by epoch. */
  logs: Record<string, number[]>;
  /** Loss and metrics of the first 20 samples after training. */
  evaluated: Record<string, number>;
  /** Up to eight values of each output for the first 20 samples, evenly spread. */
  predicted: number[][];
  /** The same of each weight after training, by layer. */
  weights: Record<string, number[][]>;
}

interface Expected extends Reported {
  tensorflowjs?: Reported;
}

function readFixture(name: string): unknown {
  return JSON.parse(readFileSync(join(import.meta.dirname, "../../fixtures/parity", name), "utf8"));
}

const expected = readFixture("expected.json") as Record<string, Expected>;

export const cases = readFixture("cases.json") as Case[];

/**
 * `CONVOSCOPE_PARITY=keras` asks for Keras' numbers everywhere. Without it a training that TensorFlow.js' own arithmetic
 * runs may differ where that arithmetic does: it must then give the numbers of that arithmetic.
 */
export const strict = process.env.CONVOSCOPE_PARITY === "keras";

export function expectedOf({ group, name }: Case): Reported {
  const found = expected[`${group}: ${name}`]!;
  return strict ? found : (found.tensorflowjs ?? found);
}
