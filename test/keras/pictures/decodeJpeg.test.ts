import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { decodePicture } from "../../../src/keras/pictures/decodePicture.ts";
import { jpegComponents } from "../../../src/keras/pictures/jpegComponents.ts";
import { jpegDecoder } from "../../../src/tensorflow/decodeJpeg.ts";
import { tf } from "../../../src/tensorflow/tf.ts";
import { needTensorflow } from "../../support/needTensorflow.ts";

const photo = readFileSync(join(import.meta.dirname, "../../fixtures/keras/pictures/photo.jpg"));
const plain = (channels: 3 | 4, options: { progressive?: boolean } = {}) =>
  sharp({ create: { width: 5, height: 4, channels, background: { r: 200, g: 100, b: 50, alpha: 1 } } }).jpeg(
    options,
  );

describe("jpegComponents", () => {
  it("counts the components of grey, colour and print, also of progressive files", async () => {
    assert.equal(jpegComponents(photo), 3);
    assert.equal(jpegComponents(await plain(3, { progressive: true }).toBuffer()), 3);
    assert.equal(jpegComponents(await plain(3).greyscale().toColourspace("b-w").toBuffer()), 1);
    assert.equal(jpegComponents(await plain(3).toColourspace("cmyk").toBuffer()), 4);
  });

  it("finds none where a file is no JPEG, or is cut short", async () => {
    assert.equal(jpegComponents(await plain(3).png().toBuffer()), 0);
    assert.equal(jpegComponents(photo.subarray(0, photo.length - 9)), 0);
    assert.equal(jpegComponents(Uint8Array.of(0xff, 0xd8, 0xff, 0xd9)), 0);
    assert.equal(jpegComponents(new Uint8Array()), 0);
  });
});

describe("decoding JPEG", () => {
  before(needTensorflow);

  it("is done by TensorFlow, many at once, and leaves no tensor", async function () {
    const decoder = jpegDecoder()!;
    const decode = (bytes: Uint8Array) => decoder.decode(bytes);
    const before = tf.memory().numTensors;
    const pictures = await Promise.all(Array.from({ length: 20 }, () => decode(photo)));
    const { data, info } = await sharp(photo).raw().toBuffer({ resolveWithObject: true });
    for (const picture of pictures) {
      assert.deepEqual([picture.height, picture.width, picture.channels], [info.height, info.width, 3]);
      assert.deepEqual(picture.data, pictures[0]!.data);
    }
    const largest = Math.max(...data.map((value, at) => Math.abs(value - pictures[0]!.data[at]!)));
    assert.ok(largest <= 8, `${largest} levels`);
    await assert.rejects(decode(Uint8Array.of(1, 2, 3)), /DecodeJpeg/);
    assert.equal(tf.memory().numTensors, before);
  });

  it("gives on request the numbers of TensorFlow's decode_image", async function () {
    const file = join(import.meta.dirname, "../../fixtures/keras/decodedJpeg.json");
    const expected = JSON.parse(readFileSync(file, "utf8")) as Record<"rgb" | "grayscale", string>;
    for (const colorMode of ["rgb", "grayscale"] as const) {
      const { data } = await decodePicture(photo, { colorMode, decoder: "tensorflow" }, "test");
      assert.deepEqual(data, new Uint8Array(Buffer.from(expected[colorMode], "base64")), colorMode);
    }
  });

  it("is done by sharp for pictures for print, and for those that TensorFlow refuses", async () => {
    const print = await plain(3).toColourspace("cmyk").toBuffer();
    const { channels, height, width } = await decodePicture(print, { colorMode: "rgb" }, "test");
    assert.deepEqual([height, width, channels], [4, 5, 3]);
    const cut = photo.subarray(0, photo.length >> 1);
    await assert.rejects(decodePicture(cut, { colorMode: "rgb" }, "test"), {
      name: "InputError",
      message: /^test: .*bytes/,
    });
  });
});
