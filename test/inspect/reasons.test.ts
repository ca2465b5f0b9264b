import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { findIntegratedGradients, findSaliency, findSmoothGrad } from "../../src/inspect/attributions.ts";
import { findClassActivation, findScoreActivation } from "../../src/inspect/classActivation.ts";
import { findSite } from "../../src/inspect/findSite.ts";
import { layerGradient } from "../../src/inspect/gradients.ts";
import { askModel, type Question, type QuestionOptions } from "../../src/inspect/question.ts";
import { loadModel } from "../../src/keras/modelFiles.ts";
import { tf } from "../../src/tensorflow/tf.ts";

type Numbers = ArrayLike<number>;
interface Cams {
  gradcam: number[];
  "gradcam++": number[];
  layercam: number[];
  scorecam: number[];
  gradientAtLayer: number[];
  large: Record<"gradcam" | "gradcam++" | "layercam" | "scorecam", number[]>;
}
interface Expected extends Cams {
  score: number[];
  saliency: number[];
  smoothGrad: number[];
  integratedGradients: number[];
  gap: number[];
  first?: Cams;
}

const at = (name: string): URL => new URL(`../fixtures/inspect/${name}`, import.meta.url);
const read = (name: string): unknown => JSON.parse(readFileSync(at(`${name}.json`), "utf8"));
const [pixels, noises] = [read("image") as number[], read("noise") as number[]];

function closeTo(found: Numbers, expected: Numbers, what: string): void {
  assert.equal(found.length, expected.length, what);
  const scale = Math.max(...Array.from(expected, Math.abs), 1e-3);
  const worst = Math.max(...Array.from(expected, (value, i) => Math.abs(value - found[i]!)));
  assert.ok(worst <= 1e-4 * Math.max(1, scale), `${what}: off by ${worst} of ${scale}`);
  assert.ok(worst <= 1e-3 * scale, `${what}: off by ${worst} of ${scale}`);
}

/** The networks of the fixture, the score that it asked about, and the layer of its maps. */
const cases: Record<string, { file: string; options: QuestionOptions; layer: string; use?: number }> = {
  skip: { file: "skip.h5", options: { classIndex: 2 }, layer: "relu_sum" },
  nested: { file: "nested.h5", options: { classIndex: 0 }, layer: "base" },
  kind: { file: "two.h5", options: { classIndex: 1 }, layer: "shared", use: 1 },
  place: { file: "two.h5", options: { output: "place", classIndex: 0 }, layer: "shared", use: 1 },
};

describe("reasons, as TensorFlow computes them", () => {
  const image = tf.keep(tf.tensor3d(pixels, [8, 8, 3]));
  after(() => image.dispose());
  afterEach(() => tf.disposeVariables());

  for (const [name, { file, options, layer, use }] of Object.entries(cases)) {
    const expected = read(name) as Expected;
    const ask = async (work: (question: Question) => Promise<void> | void): Promise<void> => {
      const model = await loadModel(fileURLToPath(at(file)));
      await askModel(model, image, options, "test", work);
    };

    describe(name, () => {
      it("asks about the logit", () => ask(({ value }) => closeTo([value], expected.score, "score")));

      it("saliency and gradient x input", () =>
        ask(async (question) => {
          const plain = await findSaliency(question, "gradient");
          closeTo(plain.perChannel, expected.saliency, "gradient");
          const triples = Array.from({ length: 64 }, (_, i) => expected.saliency.slice(3 * i, 3 * i + 3));
          closeTo(
            plain.map.values,
            triples.map((three) => Math.max(...three.map(Math.abs))),
            "map",
          );
          const product = await findSaliency(question, "gradientXInput");
          closeTo(
            product.perChannel,
            expected.saliency.map((value, i) => value * pixels[i]!),
            "product",
          );
        }));

      it("SmoothGrad with the same noise, whatever the size of the batches", () =>
        ask(async (question) => {
          const noise = tf.tensor(noises, [3, 8, 8, 3]);
          for (const batchSize of [1, 2, 3]) {
            const found = await findSmoothGrad(question, { samples: 3, noise, seed: 0, batchSize });
            closeTo(found.perChannel, expected.smoothGrad, "SmoothGrad");
          }
          noise.dispose();
        }));

      it("integrated gradients", () =>
        ask(async (question) => {
          const black = tf.zerosLike(question.picture);
          const found = await findIntegratedGradients(question, black, { steps: 8, batchSize: 5 });
          black.dispose();
          closeTo(found.perChannel, expected.integratedGradients, "integrated gradients");
          const gap = Math.abs(found.total - (question.value - found.baselineValue));
          closeTo([gap], expected.gap, "gap");
        }));

      for (const method of ["gradcam", "gradcam++", "layercam"] as const) {
        it(method, () =>
          ask(async (question) => {
            const site = findSite(question.graph, { layer, use, who: "test" });
            const { raw, map } = await findClassActivation(question, site, method);
            closeTo(raw.values, expected[method], "raw");
            closeTo(map.values, expected.large[method], "large");
          }),
        );
      }

      it("Score-CAM", () =>
        ask(async (question) => {
          const site = findSite(question.graph, { layer, use, who: "test" });
          const { raw, map } = await findScoreActivation(question, site, { maxChannels: 99, batchSize: 2 });
          closeTo(raw.values, expected.scorecam, "raw");
          closeTo(map.values, expected.large.scorecam, "large");
        }));
    });
  }

  it("tells the uses of a shared layer apart", async () => {
    const model = await loadModel(fileURLToPath(at("two.h5")));
    const kind = read("kind") as Expected;
    await askModel(model, image, { classIndex: 1 }, "test", (question) => {
      for (const [use, expected] of [kind.first!, kind].entries()) {
        const site = findSite(question.graph, { layer: "shared", use, who: "test" });
        const found = layerGradient(question, site);
        closeTo(found.gradient.dataSync(), expected.gradientAtLayer, `use ${use}`);
        tf.dispose([found.activation, found.gradient]);
      }
    });
  });
});
