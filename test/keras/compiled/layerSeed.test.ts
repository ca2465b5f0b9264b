import assert from "node:assert/strict";
import { fit } from "../../../src/keras/fit.ts";
import { layers } from "../../../src/keras/layers.ts";
import { sgd } from "../../../src/keras/optimizers/sgd.ts";
import { trainable } from "../../../src/keras/training/trainableModel.ts";
import { setRandomSeed } from "../../../src/tensorflow/randomSeed.ts";
import { currentRuntime } from "../../../src/tensorflow/runtime.ts";
import { tf } from "../../../src/tensorflow/tf.ts";
import { needTensorflow } from "../../support/needTensorflow.ts";

const size = 8;
const steps = 6;

const makers = {
  dropout: (seed?: number) => tf.layers.dropout({ rate: 0.5, ...(seed !== undefined && { seed }) }),
  spatialDropout1d: (seed?: number) =>
    tf.layers.spatialDropout1d({ rate: 0.5, ...(seed !== undefined && { seed }) }),
  gaussianNoise: (seed: number | null = null) => layers.gaussianNoise({ stddev: 0.5, seed }),
  gaussianDropout: (seed: number | null = null) => layers.gaussianDropout({ rate: 0.5, seed }),
  alphaDropout: (seed: number | null = null) => layers.alphaDropout({ rate: 0.5, seed }),
};

interface Way {
  /** Has the model computed operation by operation. */
  eager?: boolean;
  /** What the program draws besides. */
  program?: number;
}

/** The losses of some steps of a model that stays as it is, so that what differs between them is the noise. */
async function losses(noise: readonly tf.layers.Layer[], { eager = false, program = 1 }: Way = {}) {
  const model = tf.sequential({
    layers: [
      layers.dense({ units: 12, inputShape: [4, 3], kernelInitializer: "ones" }),
      ...noise,
      layers.flatten(),
      layers.dense({ units: 2, activation: "softmax", kernelInitializer: fixed() }),
    ],
  });
  model.compile({ optimizer: sgd({ learningRate: 0 }), loss: "categoricalCrossentropy" });
  if (eager) model.layers.at(-1)!.setCallHook(() => undefined);
  const x = tf.randomUniform([size, 4, 3], 0, 1, "float32", 3);
  const y = tf.tidy(() => tf.oneHot(tf.range(0, size, 1, "int32").mod(2).toInt(), 2));
  setRandomSeed(program);
  const { history } = await fit(
    model,
    { x, y },
    { epochs: steps, batchSize: size, shuffle: false, verbose: 0 },
  );
  tf.dispose([x, y]);
  model.dispose();
  model.optimizer.dispose();
  return history.loss!.map((loss) => loss.toFixed(4));
}

const fixed = () => tf.initializers.glorotUniform({ seed: 4 });

describe("the seed of a layer", function () {
  this.timeout(60_000);

  for (const [name, make] of Object.entries(makers)) {
    it(`makes ${name} repeat itself, whatever the program draws besides, with other noise at each step`, async () => {
      const first = await losses([make(7)], { program: 1 });
      assert.deepEqual(await losses([make(7)], { program: 2 }), first);
      assert.equal(new Set(first).size, steps);
    });

    it(`makes ${name} differ from one with another seed`, async () => {
      assert.notDeepEqual(await losses([make(8)]), await losses([make(7)]));
    });

    it(`is that of the program for ${name} without one`, async () => {
      const first = await losses([make()], { program: 1 });
      assert.deepEqual(await losses([make()], { program: 1 }), first);
      assert.notDeepEqual(await losses([make()], { program: 2 }), first);
    });
  }

  it("counts 0 as a seed", async () => {
    const first = await losses([makers.gaussianNoise(0)], { program: 1 });
    assert.deepEqual(await losses([makers.gaussianNoise(0)], { program: 2 }), first);
  });

  it("gives the same noise compiled and operation by operation", async () => {
    const noise = () => [makers.dropout(1), makers.gaussianNoise(2)];
    assert.deepEqual(await losses(noise(), { eager: true }), await losses(noise()));
  });

  it("gives a layer that is used twice in a step other noise each time", () => {
    const layer = makers.dropout(5);
    const [one, two] = tf.tidy(() =>
      [0, 1].map(() => (layer.apply(tf.ones([50]), { training: true }) as tf.Tensor).dataSync()),
    );
    assert.notDeepEqual(one, two);
  });

  it("gives a layer that is called by itself the numbers of TensorFlow.js", () => {
    const [found, wanted] = tf.tidy(() => {
      const x = tf.ones([2, 3, 4]);
      const found = makers.dropout(23).apply(x, { training: true }) as tf.Tensor;
      return [found.dataSync(), tf.dropout(x, 0.5, undefined, 23).dataSync()];
    });
    assert.deepEqual(found, wanted);
  });

  it("leaves no tensor behind when the model is disposed", async () => {
    await losses([makers.dropout(1)]);
    const before = tf.memory().numTensors;
    await losses([makers.dropout(1), makers.alphaDropout(2)]);
    assert.equal(tf.memory().numTensors, before);
  });

  describe("of layers for pictures", () => {
    const pictures = {
      randomFlip: (seed: number | null) => layers.randomFlip({ seed }),
      randomRotation: (seed: number | null) => layers.randomRotation({ factor: 0.2, seed }),
      randomZoom: (seed: number | null) => layers.randomZoom({ heightFactor: 0.3, seed }),
      randomTranslation: (seed: number | null) =>
        layers.randomTranslation({ heightFactor: 0.2, widthFactor: 0.2, seed }),
      randomContrast: (seed: number | null) => layers.randomContrast({ factor: 0.5, seed }),
      randomBrightness: (seed: number | null) => layers.randomBrightness({ factor: 0.01, seed }),
      randomCrop: (seed: number | null) => layers.randomCrop({ height: 4, width: 4, seed }),
      spatialDropout2d: (seed: number | null) => layers.spatialDropout2d({ rate: 0.5, seed }),
    };

    /** Losses of some steps, and the operations that TensorFlow was asked for at the last of them. */
    function train(layer: tf.layers.Layer): { losses: string[]; operations: string[] } {
      const model = tf.sequential({
        layers: [
          layers.inputLayer({ inputShape: [8, 8, 1] }),
          layer,
          layers.flatten(),
          layers.dense({ units: 2, activation: "softmax", kernelInitializer: fixed() }),
        ],
      });
      const optimizer = sgd({ learningRate: 0 });
      model.compile({ optimizer, loss: "categoricalCrossentropy" });
      const step = trainable(model, "test").makeTrainFunction();
      const batch = [
        tf.randomUniform([size, 8, 8, 1], 0, 1, "float32", 3),
        tf.tidy(() => tf.oneHot(tf.range(0, size, 1, "int32").mod(2).toInt(), 2)),
      ];
      const runs = Array.from({ length: steps }, () => currentRuntime()!.record(() => step(batch)));
      const losses = runs.map(({ result }) => result[0]!.dataSync()[0]!.toFixed(4));
      tf.dispose([batch, ...runs.map(({ result }) => result)]);
      model.dispose();
      optimizer.dispose();
      return { losses, operations: runs.at(-1)!.recording.operations.map(({ name }) => name) };
    }

    before(needTensorflow);

    for (const [name, make] of Object.entries(pictures)) {
      it(`${name} repeats itself with a seed, differs without one, and is compiled`, () => {
        setRandomSeed(1);
        const [seeded, free] = [train(make(7)), train(make(null))];
        setRandomSeed(2);
        assert.deepEqual(train(make(7)).losses, seeded.losses);
        assert.notDeepEqual(train(make(null)).losses, free.losses);
        assert(new Set(seeded.losses).size > 1);
        assert.deepEqual([...seeded.operations, ...free.operations], []);
      });
    }
  });
});
