import assert from "node:assert/strict";
import { crc32 } from "node:zlib";
import sharp from "sharp";
import { encodePng } from "../../src/render/png.ts";

const decode = async (png: Uint8Array) => {
  const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
  return { ...info, data: new Uint8Array(data) };
};

function chunksOf(png: Uint8Array): { type: string; length: number; whole: boolean }[] {
  const bytes = Buffer.from(png);
  const chunks = [];
  for (let at = 8; at < bytes.length;) {
    const length = bytes.readUInt32BE(at);
    const whole = crc32(bytes.subarray(at + 4, at + 8 + length)) === bytes.readUInt32BE(at + 8 + length);
    chunks.push({ type: bytes.toString("latin1", at + 4, at + 8), length, whole });
    at += 12 + length;
  }
  return chunks;
}

describe("encodePng", () => {
  const [width, height] = [37, 23];
  const noise = (count: number) =>
    Uint8Array.from({ length: count }, (_, i) => (i * 7919 + (i >> 3) * 31) & 255);
  const palette = noise(768);

  it("keeps the colours of indices", async () => {
    const data = noise(width * height);
    const decoded = await decode(encodePng({ width, height, data, palette }));
    assert.deepEqual([decoded.width, decoded.height, decoded.channels], [width, height, 3]);
    assert.deepEqual(
      decoded.data,
      Uint8Array.from([...data].flatMap((index) => [...palette.subarray(3 * index, 3 * index + 3)])),
    );
  });

  it("keeps grey values", async () => {
    const data = noise(width * height);
    const png = encodePng({ width, height, data });
    assert.equal((await sharp(png).metadata()).channels, 1);
    assert.deepEqual(new Uint8Array(await sharp(png).toColourspace("b-w").raw().toBuffer()), data);
  });

  it("keeps red, green and blue", async () => {
    const data = noise(width * height * 3);
    assert.deepEqual((await decode(encodePng({ width, height, data, channels: 3 }))).data, data);
  });

  it("keeps rows that repeat, and hardly pays for them", async () => {
    const row = noise(width);
    const data = Uint8Array.from({ length: 100 * width }, (_, i) => row[i % width]!);
    const png = encodePng({ width, height: 100, data });
    assert.deepEqual(new Uint8Array(await sharp(png).toColourspace("b-w").raw().toBuffer()), data);
    assert.ok(png.length < 3 * width + 100, `${png.length} bytes`);
  });

  it("reads a part of a larger buffer where it starts", async () => {
    const data = noise(4 + width * height * 3).subarray(4);
    assert.deepEqual((await decode(encodePng({ width, height, data, channels: 3 }))).data, data.slice());
  });

  it("has whole chunks in the order of the standard", () => {
    const chunks = chunksOf(encodePng({ width, height, data: noise(width * height), palette }));
    assert.deepEqual(
      chunks.map(({ type }) => type),
      ["IHDR", "PLTE", "IDAT", "IEND"],
    );
    assert.ok(chunks.every(({ whole }) => whole));
  });
});
