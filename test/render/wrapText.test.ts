import assert from "node:assert/strict";
import { wrapText } from "../../src/render/wrapText.ts";

const wrap = (text: string, room: number) => wrapText(text, room, (part) => part.length);

describe("wrapText", () => {
  it("breaks at spaces", () => {
    assert.deepEqual(wrap("a cat and a dog", 9), ["a cat and", "a dog"]);
    assert.deepEqual(wrap("short", 9), ["short"]);
  });

  it("breaks a word that is too long by itself, and loses nothing", () => {
    assert.deepEqual(wrap("a convolutional net", 6), ["a", "convol", "utiona", "l net"]);
  });

  it("breaks names behind their joints", () => {
    assert.deepEqual(wrap("of block12_conv1/relu", 9), ["of", "block12_", "conv1/", "relu"]);
  });

  it("ends also where there is no room at all", () => {
    assert.equal(wrap("abc d", 0).join(""), "abcd");
  });
});
