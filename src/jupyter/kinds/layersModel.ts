import { hasMethod, type Kind } from "./kind.ts";

interface Model {
  summary(lineLength: undefined, positions: undefined, print: (line: string) => void): void;
}

/** Models of TensorFlow.js' layers, whose objects are thousands of lines: their summary. */
export const layersModel: Kind<Model> = {
  is: (value): value is Model =>
    hasMethod(value, "summary") &&
    hasMethod(value, "predict") &&
    "layers" in value &&
    Array.isArray(value.layers),
  render(model) {
    const lines: string[] = [];
    try {
      model.summary(undefined, undefined, (line) => lines.push(line));
    } catch (error) {
      // Of one that has not seen an input yet.
      lines.push(`${model.constructor.name}: ${(error as Error).message}`);
    }
    return { "text/plain": lines.join("\n") };
  },
};
