import { InputError } from "../../errors.ts";

/** Part of a model's JSON description. */
export type Config = Record<string, unknown>;

/** A described object: a layer, an initializer, a regularizer. */
export interface Described extends Config {
  class_name: string;
  config: Config;
}

/** A described model: its layers, and for a functional one how they are connected. */
export interface ModelConfig extends Config {
  name: string;
  layers: Described[];
  input_layers?: unknown;
  output_layers?: unknown;
}

export function isConfig(value: unknown): value is Config {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isDescribed(value: unknown): value is Described {
  return isConfig(value) && typeof value.class_name === "string";
}

/** Whether a layer is itself a model. */
export function isModel(entry: Described): entry is Described & { config: ModelConfig } {
  return (
    ["Sequential", "Functional", "Model"].includes(entry.class_name) && Array.isArray(entry.config.layers)
  );
}

/**
 * A description out of a file.
 *
 * @throws InputError when it is no JSON
 */
export function parseJson<T>(text: string, path: string): T {
  try {
    return JSON.parse(text) as T;
  } catch (cause) {
    const expected = "a model described in JSON";
    throw new InputError({ who: "loadModel", expected, found: `${path}, damaged`, cause });
  }
}

/** A description as text. Keras takes a learning rate of 1 only as 1.0, which JavaScript does not write. */
export function toJson(config: Config): string {
  return JSON.stringify(config).replace(/("learning_rate":-?\d+)(?=[,}])/g, "$1.0");
}
