import assert from "node:assert/strict";
import { PictureStore } from "../../../src/keras/pictures/pictureStore.ts";

const pictureOf = (index: number) => ({ data: Uint8Array.of(index, index) });

/** A store of pictures of two bytes each, of which those of odd tens are broken, and the groups that it read. */
function storeOf(limit: number) {
  const groups: number[][] = [];
  const state = { running: 0, most: 0 };
  const read = async (indices: number[]): Promise<PromiseSettledResult<{ data: Uint8Array }>[]> => {
    groups.push(indices);
    state.most = Math.max(state.most, ++state.running);
    await new Promise((resolve) => setTimeout(resolve, 1));
    state.running--;
    if (indices.includes(977)) throw new Error("all of them");
    return indices.map((index) =>
      index % 20 === 10
        ? { status: "rejected", reason: new Error(`${index}`) }
        : { status: "fulfilled", value: pictureOf(index) },
    );
  };
  return { store: new PictureStore(read, limit), groups, state };
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

describe("PictureStore", () => {
  it("reads what is asked for in one go in groups, a few at once, and gives each its own", async () => {
    const { store, groups, state } = storeOf(1e6);
    const results = await Promise.allSettled(upTo(100).map((index) => store.get(index)));
    results.forEach((result, index) => {
      if (index % 20 === 10)
        assert.equal(result.status === "rejected" && (result.reason as Error).message, `${index}`);
      else assert.deepEqual(result.status === "fulfilled" && result.value, pictureOf(index));
    });
    assert.deepEqual(groups.flat(), upTo(100));
    assert.deepEqual([groups.length, state.most], [7, 3]);
  });

  it("keeps what fits, and tries again what was broken", async () => {
    const { store, groups } = storeOf(8);
    for (let round = 0; round < 2; round++) {
      for (const index of [1, 10, 2, 3, 4, 5]) await store.get(index).catch(() => undefined);
    }
    assert.deepEqual(groups.flat(), [1, 10, 2, 3, 4, 5, 10, 5]);
  });

  it("gives the error of a whole group to all that wait for it, and goes on", async () => {
    const { store } = storeOf(1e6);
    const results = await Promise.allSettled([976, 977].map((index) => store.get(index)));
    assert.deepEqual(
      results.map(({ status }) => status),
      ["rejected", "rejected"],
    );
    assert.deepEqual(await store.get(976), pictureOf(976));
  });
});
