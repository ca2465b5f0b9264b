import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { LayerActivations } from "../../src/inspect/activations.ts";
import { normalizeMaps, scales, type Scale } from "../../src/inspect/normalize.ts";

interface Fixture {
  shape: [number, number, number];
  values: number[];
  others: [number, number];
  bytes: Record<Scale, number[]>;
}
const fixture = JSON.parse(
  readFileSync(new URL("../fixtures/render/maps.json", import.meta.url), "utf8"),
) as Fixture;

function layerOf(values: number[], [height, width, channels]: [number, number, number]): LayerActivations {
  const finite = values.filter(Number.isFinite);
  const [min, max] = [Math.min(...finite), Math.max(...finite)];
  const rest = {
    dead: [],
    channelMin: new Float32Array(),
    channelMax: new Float32Array(),
    nan: 0,
    nonFinite: values.filter(Number.isNaN).length,
  };
  const shape = [height, width, channels];
  return {
    name: "",
    className: "",
    shape,
    values: Float32Array.from(values),
    height,
    width,
    channels,
    min,
    max,
    ...rest,
  };
}

describe("normalizeMaps", () => {
  const layer = layerOf(fixture.values, fixture.shape);
  const chosen = [0, 1, 2, 3, 4, 5];

  for (const scale of scales) {
    it(`gives NumPy's bytes: ${scale}`, () => {
      const bytes = normalizeMaps(layer, { chosen, scale, range: fixture.others });
      const differences = Array.from(bytes, (byte, i) => Math.abs(byte - fixture.bytes[scale][i]!));
      // Where a number falls on the border between two bytes, the last bit of the arithmetic decides.
      assert.ok(Math.max(...differences) <= 1);
      assert.ok(differences.filter((difference) => difference > 0).length <= 2);
    });
  }

  it("takes the chosen channels only, in the order chosen", () => {
    const size = fixture.shape[0] * fixture.shape[1];
    const bytes = normalizeMaps(layer, { chosen: [3, 0], scale: "channel", range: [0, 1] });
    const all = normalizeMaps(layer, { chosen, scale: "channel", range: [0, 1] });
    assert.deepEqual(bytes.subarray(0, size), all.subarray(3 * size, 4 * size));
    assert.deepEqual(bytes.subarray(size), all.subarray(0, size));
  });

  it("takes the statistics of the layer for maps of one number", () => {
    const single = layerOf([0, 1, 2, 3, 4], [1, 1, 5]);
    const bytes = normalizeMaps(single, { chosen: [0, 2, 4], scale: "channel", range: [0, 1] });
    assert.deepEqual([...bytes], [0, 127, 255]);
  });

  it("is not led astray by numbers that are none", () => {
    const bytes = normalizeMaps(layerOf([0, NaN, 1, 2], [2, 2, 1]), {
      chosen: [0],
      scale: "zscore",
      range: [0, 1],
    });
    assert.deepEqual([...bytes], [49, 0, 128, 206]);
  });
});
