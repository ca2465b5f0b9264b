import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import sharp from "sharp";
import { InputError } from "../../src/errors.ts";
import { colorMap } from "../../src/render/colorMaps.ts";
import { levelOf, mapLevels } from "../../src/render/palette.ts";
import { tf } from "../../src/tensorflow/tf.ts";
import { activations } from "../../src/views/activations.ts";

const { layers } = tf;

interface Fixture {
  shape: [number, number, number];
  values: number[];
  bytes: { zscore: number[] };
}
const fixture = JSON.parse(
  readFileSync(new URL("../fixtures/render/maps.json", import.meta.url), "utf8"),
) as Fixture;

/** A model that passes its input on, so that the maps are the picture's channels. */
function identity(shape: number[]) {
  return tf.sequential({
    name: "identity",
    layers: [layers.activation({ inputShape: shape, activation: "linear", name: "same" })],
  });
}

async function pixelsOf(png: Uint8Array) {
  const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
  return {
    ...info,
    at: (x: number, y: number) => [...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3)],
  };
}

function colorOf(byte: number): number[] {
  const entry = Math.round((levelOf[byte]! * 255) / (mapLevels - 1));
  return [...colorMap("viridis").subarray(3 * entry, 3 * entry + 3)];
}

describe("activations", () => {
  const [height, width, channels] = fixture.shape;
  afterEach(() => tf.disposeVariables());

  it("draws Chollet's numbers: pixels compared with NumPy", async () => {
    const view = activations(identity(fixture.shape), tf.tensor(fixture.values, fixture.shape));
    const picture = await pixelsOf(await view.png());
    // Margin, head and the layer's own line stand above and beside the grid, drawn in twice the size of the screen.
    const [left, top, factor, gap] = [2 * 16, 2 * (16 + 62 + 22), 2 * 8, 2];
    const dead = [2, 4];
    for (let channel = 0; channel < channels; channel++) {
      const x0 = left + channel * (width * factor + gap);
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const byte = fixture.bytes.zscore[(channel * height + y) * width + x]!;
          const found = picture.at(x0 + x * factor + 5, top + y * factor + 5);
          if (dead.includes(channel)) assert.equal(new Set(found).size, 1, "hatched tiles are grey");
          else assert.deepEqual(found, colorOf(byte), `channel ${channel} at ${x}, ${y}`);
        }
      }
      if (channel > 0) assert.deepEqual(picture.at(x0 - 1, top + 5), [255, 255, 255], "gap");
    }
  });

  it("draws a channel alone, large", async () => {
    const view = activations(identity([28, 28, 3]), tf.randomUniform([28, 28, 3]), {
      layers: [0],
      channels: [2],
    });
    const { metadata } = await view.bundle();
    const { width: shown } = metadata["image/png"] as { width: number };
    assert.ok(shown >= 16 * 28, `${shown} pixels wide`);
    assert.match(view.text, /same {2}28×28×3 {3}channel 2 {3}range/);
  });

  it("has the numbers, layer by layer", () => {
    const { data } = activations(identity(fixture.shape), tf.tensor(fixture.values, fixture.shape), {
      channels: 3,
    });
    assert.equal(data.scale, "zscore");
    assert.deepEqual(Array.from(data.layers[0]!.values), fixture.values);
    assert.deepEqual(data.layers[0]!.dead, [2, 4]);
    assert.deepEqual(data.layers[0]!.shown, [0, 1, 2]);
  });

  it("says in words what is to be seen", () => {
    const view = activations(
      identity([2, 2, 3]),
      tf.tensor([0, 5, 1, 0, 5, 2, 0, 5, 3, 0, 5, -4.125], [2, 2, 3]),
    );
    assert.equal(
      view.text,
      "Activations of identity · each channel by itself: mean ± 2 standard deviations\nsame  2×2×3   2 dead   range −4.13…5",
    );
  });

  it("comes as PNG with its size and an alternative text, and as text", async () => {
    const view = activations(identity([4, 4, 2]), tf.linspace(0.25, 4, 32).reshape([4, 4, 2]));
    const { data, metadata } = await view.bundle();
    assert.deepEqual(Object.keys(data).sort(), ["image/png", "text/plain"]);
    const png = Buffer.from(data["image/png"] as string, "base64");
    const { width: pixels, hasAlpha } = await sharp(png).metadata();
    const about = metadata["image/png"] as { width: number; alt: string };
    assert.equal(pixels, 2 * about.width);
    assert.equal(hasAlpha, false);
    assert.match(about.alt, /^Activations of identity: same, 4×4×2, range 0\.25…4$/);
    assert.equal(metadata.alt, about.alt);
  });

  it("shows vectors as strips and several layers in one picture", async () => {
    const model = tf.sequential({
      layers: [
        layers.conv2d({ inputShape: [8, 8, 1], filters: 4, kernelSize: 3, name: "conv" }),
        layers.flatten({ name: "flat" }),
        layers.dense({ units: 10, name: "dense" }),
      ],
    });
    const view = activations(model, tf.randomUniform([8, 8, 1]));
    assert.deepEqual(
      view.text.split("\n").map((line) => line.split(" ")[0]),
      ["Activations", "conv", "flat", "dense"],
    );
    await assert.doesNotReject(view.png());
  });

  it("stays below 1.5 MB, and says what it left out", async () => {
    const view = activations(identity([256, 256, 64]), tf.randomUniform([256, 256, 64], 0, 1, "float32", 5));
    const png = await view.png();
    assert.ok(png.length < 1.5e6, `${png.length} bytes`);
    const shown = view.data.layers[0]!.shown.length;
    assert.ok(shown >= 16 && shown < 64);
    assert.match(view.text, new RegExp(`cut: the first ${shown} of 64 channels`));
  });

  for (const scale of ["channel", "percentile", "layer", "shared"] as const) {
    it(`says which scale was taken: ${scale}`, () => {
      const view = activations(identity([2, 2, 1]), tf.ones([2, 2, 1]), { scale });
      assert.match(view.text, /least to largest|percentiles/);
    });
  }

  it("takes Chollet's name for his scale", () => {
    assert.equal(
      activations(identity([2, 2, 1]), tf.ones([2, 2, 1]), { scale: "chollet" }).data.scale,
      "zscore",
    );
  });

  it("compares pictures in one scale, channel below channel", async () => {
    const [dark, light] = [tf.zeros([4, 4, 2]), tf.ones([4, 4, 2])];
    const view = activations(identity([4, 4, 2]), [dark, light.add(tf.zeros([4, 4, 2]))], {
      ...{ scale: "channel", colorMap: "gray", labels: ["four", "nine"], perRow: 2 },
    });
    assert.equal(
      view.text,
      "Activations of identity · each channel by itself: least to largest\nsame  4×4×2   dead: 2 for four, 2 for nine   range 0…1",
    );
    assert.deepEqual(
      view.data.layers.map(({ picture, max }) => [picture, max]),
      [
        [0, 0],
        [1, 1],
      ],
    );
    const values = Array.from({ length: 32 }, (_, i) => i / 31);
    const shades = activations(
      identity([4, 4, 2]),
      [
        tf.tensor(values, [4, 4, 2]),
        tf.tensor(
          values.map((v) => v + 1),
          [4, 4, 2],
        ),
      ],
      {
        ...{ scale: "channel", colorMap: "gray", labels: ["a", "b"], perRow: 1 },
      },
    );
    const picture = await pixelsOf(await shades.png());
    const grays = new Set(Array.from({ length: picture.height }, (_, y) => picture.at(80, y)[0]));
    assert.ok(grays.has(0) || grays.size > 8, "from black to white over both pictures");
  });

  it("shows pictures of a batch: the first 8, or those asked for", () => {
    const batch = tf.randomUniform([12, 2, 2, 1]);
    const model = identity([2, 2, 1]);
    assert.match(activations(model, batch).text, /^Activations of identity; the first 8 of 12 pictures · /);
    assert.deepEqual(
      activations(model, batch, { index: [11, 3] }).data.layers.map(({ picture }) => picture),
      [11, 3],
    );
    assert.deepEqual(
      [...activations(model, batch, { index: 5 }).data.layers[0]!.values],
      [...batch.slice([5], [1]).dataSync()],
    );
    assert.throws(() => activations(model, batch, { index: 12 }), /index: pictures 0 to 11, found 12/);
  });

  it("draws kernels, averaged over what they read, and numbers", async () => {
    const model = tf.sequential({
      layers: [layers.conv2d({ inputShape: [6, 6, 2], filters: 3, kernelSize: [1, 2], name: "conv" })],
    });
    model.setWeights([tf.tensor([1, 2, 3, 5, 6, 7, -1, 0, 1, -3, 0, 5], [1, 2, 2, 3]), tf.zeros([3])]);
    const plain = activations(model, tf.ones([6, 6, 2]));
    const view = activations(model, tf.ones([6, 6, 2]), { kernels: true, numbers: 1 });
    assert.deepEqual([...view.data.kernels!.conv!.values], [3, -2, 4, 0, 5, 3]);
    assert.match(view.text, /kernels: means over 2 inputs, 0 in the middle/);
    const [without, withBoth] = await Promise.all(
      [plain, view].map(async (each) => pixelsOf(await each.png())),
    );
    assert.ok(withBoth!.height > without!.height + 2 * 15);
  });

  it("shows what a layer takes before what it gives, each once", () => {
    const model = tf.sequential({
      layers: [
        layers.conv2d({ inputShape: [6, 6, 1], filters: 2, kernelSize: 3, name: "conv" }),
        layers.maxPooling2d({ poolSize: 2, name: "pool" }),
      ],
    });
    const names = (options: object) =>
      activations(model, tf.ones([6, 6, 1]), { withInput: true, ...options }).data.layers.map(
        ({ name }) => name,
      );
    assert.deepEqual(names({}), ["input of conv", "conv", "pool"]);
    assert.deepEqual(names({ layers: ["pool"] }), ["input of pool", "pool"]);
  });

  it("marks numbers that are none, and counts them", async () => {
    const view = activations(identity([2, 2, 1]), tf.tensor([NaN, 1, 2, Infinity], [2, 2, 1]));
    assert.match(view.text, /range 1…2 {3}1 NaN, 1 infinite$/);
    const picture = await pixelsOf(await view.png());
    const at = (x: number, y: number) => picture.at(32 + 128 * x + 5, 200 + 128 * y + 5);
    assert.deepEqual(
      [at(0, 0), at(1, 1)],
      [
        [255, 0, 200],
        [255, 0, 200],
      ],
    );
    assert.notDeepEqual(at(1, 0), [255, 0, 200]);
    assert.match(activations(identity([1, 2, 1]), tf.fill([1, 2, 1], NaN)).text, /no finite number/);
  });

  it("says when a picture looks unscaled", () => {
    const view = activations(identity([2, 2, 1]), tf.tensor([0, 255, 3, 1], [2, 2, 1]));
    assert.match(view.text, /\nthe pictures' numbers go up to 255: if the model was trained on 0 to 1/);
  });

  it("stays below the size asked for", async () => {
    const view = activations(identity([64, 64, 64]), tf.randomUniform([64, 64, 64], 0, 1, "float32", 5), {
      maxBytes: 100_000,
    });
    const png = await view.png();
    assert.ok(png.length < 1.1e5, `${png.length} bytes`);
    assert.match(view.text, /cut: the first \d+ of 64 channels/);
  });

  it("leaves no tensor", async () => {
    const model = identity([4, 4, 2]);
    const image = tf.randomUniform([4, 4, 2]);
    const before = tf.memory().numTensors;
    await activations(model, image).png();
    assert.equal(tf.memory().numTensors, before);
  });

  it("says in one line what it cannot take", () => {
    const model = identity([4, 4, 2]);
    const image = tf.zeros([4, 4, 2]);
    const says = (options: object, message: RegExp) =>
      assert.throws(
        () => activations(model, image, options),
        (error: Error) => error instanceof InputError && message.test(error.message),
      );
    says({ channels: [2] }, /expected a channel of layer "same", 0 to 1, found 2/);
    says({ channels: [] }, /expected at least one channel, found none/);
    says({ layers: [] }, /expected at least one layer, found none/);
    says({ channels: 0 }, /expected channels: a number above 0/);
    says({ scale: "log" }, /scale: one of zscore, channel, percentile, layer, shared, found "log"/);
    says({ colorMap: "jet" }, /colorMap: one of viridis/);
    says({ columns: 0 }, /columns: a whole number, 1 or more/);
    says({ layers: ["conv9"] }, /layers: same/);
  });
});
