import assert from "node:assert/strict";
import { shrinkThumbnail } from "../../src/render/shrinkThumbnail.ts";
import type { Thumbnail } from "../../src/render/thumbnail.ts";

/** A grey picture. */
function grey(width: number, levels: readonly number[]): Thumbnail {
  const data = Uint8ClampedArray.from(levels.flatMap((level) => [level, level, level, 255]));
  return { width, height: levels.length / width, data };
}

const levelsOf = ({ data }: Thumbnail): number[] => Array.from(data).filter((_, i) => i % 4 === 0);

describe("shrinkThumbnail", () => {
  it("takes the mean of the pixels that a pixel covers", () => {
    const half = shrinkThumbnail(grey(4, [0, 4, 8, 8, 0, 4, 8, 8]), 2);
    assert.deepEqual([half.width, half.height], [2, 1]);
    assert.deepEqual(levelsOf(half), [2, 8]);
  });

  it("counts pixels that it covers in part by that part", () => {
    const found = shrinkThumbnail(grey(3, [0, 90, 240]), 2);
    assert.deepEqual([found.width, found.height], [2, 1]);
    assert.deepEqual(levelsOf(found), [30, 190]);
  });

  it("leaves a small picture as it is", () => {
    const small = grey(2, [1, 2]);
    assert.equal(shrinkThumbnail(small, 2), small);
  });
});
