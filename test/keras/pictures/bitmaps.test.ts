import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { decodePicture } from "../../../src/keras/pictures/decodePicture.ts";

/** What makeBitmaps.py wrote: files, and Keras' pixels of each in each mode. */
interface Case {
  name: string;
  file: string;
  size: [number, number];
  rgb: string;
  rgba: string;
  grayscale: string;
}

const fixture = join(import.meta.dirname, "../../fixtures/keras/bitmaps.json");
const cases = JSON.parse(readFileSync(fixture, "utf8")) as Case[];
const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, "base64"));

describe("bitmaps, portable pictures and pictures for print", () => {
  for (const { name, file, size, ...modes } of cases) {
    it(`${name} has Keras' pixels in every mode`, async () => {
      for (const [mode, pixels] of Object.entries(modes)) {
        const picture = await decodePicture(bytesOf(file), { colorMode: mode as keyof typeof modes }, "test");
        assert.deepEqual([picture.height, picture.width], size);
        assert.deepEqual(picture.data, bytesOf(pixels), mode);
      }
    });
  }

  it("are refused when they are cut short, or of a kind that is not read", async () => {
    for (const name of ["colour.bmp", "colour.ppm", "text.ppm"]) {
      const file = bytesOf(cases.find((one) => one.name === name)!.file);
      await assert.rejects(decodePicture(file.subarray(0, -4), { colorMode: "rgb" }, "test"), {
        name: "InputError",
        message: /^test: expected a whole PNG, JPEG, BMP, .*, found \d+ bytes \(cut short\); /,
      });
    }
    const compressed = bytesOf(cases[0]!.file);
    compressed[30] = 1;
    await assert.rejects(
      decodePicture(compressed, { colorMode: "rgb" }, "test"),
      /a bitmap of 24 bits with compression 1/,
    );
  });
});
