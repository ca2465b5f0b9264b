import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import sharp from "sharp";
import { decodePicture, type Picture } from "../../../src/keras/pictures/decodePicture.ts";
import { picturesDecoder } from "../../../src/keras/pictures/decodePictures.ts";
// TensorFlow, whose decoder is used, is registered by this.
import "../../../src/tensorflow/tf.ts";

const fixtures = join(import.meta.dirname, "../../fixtures/keras/pictures");
const photo = readFileSync(join(fixtures, "photo.jpg"));
const copyOf = (picture: Picture) => ({ ...picture, data: picture.data.slice() });

describe("picturesDecoder", () => {
  const root = mkdtempSync(join(tmpdir(), "decode-"));
  const write = (name: string, bytes: Uint8Array | string) => {
    writeFileSync(join(root, name), bytes);
    return join(root, name);
  };
  const wholes: string[] = [];
  const broken: string[] = [];

  before(async () => {
    const turned = sharp(photo).resize(31, 47).withMetadata({ orientation: 6 });
    const grey = sharp(photo).greyscale().toColourspace("b-w");
    wholes.push(
      write("photo.jpg", photo),
      write("Fjällräv 狐.JPEG", photo),
      write("turned.jpg", await turned.jpeg({ progressive: true }).toBuffer()),
      write("large.jpg", await sharp(photo).resize(1500, 1100).jpeg().toBuffer()),
      write("grey.jpg", await grey.jpeg().toBuffer()),
      write("print.jpg", await sharp(photo).toColourspace("cmyk").jpeg().toBuffer()),
      write("followed.jpg", Buffer.concat([photo, Buffer.from("more")])),
    );
    for (const name of ["rgba.png", "palette-transparent.png", "grey16.png"]) {
      cpSync(join(fixtures, name), join(root, name));
      cpSync(join(fixtures, name), join(root, `${name}.jpg`));
      wholes.push(join(root, name), join(root, `${name}.jpg`));
    }
    broken.push(
      write("cut.jpg", photo.subarray(0, photo.length >> 1)),
      write("empty.jpg", ""),
      write("text.jpg", "no picture"),
      write("spoilt.jpg", Buffer.from(photo).fill(0xff, 733, 773)),
      write("text.png", "no picture"),
      join(root, "missing.jpg"),
    );
  });
  after(() => rmSync(root, { recursive: true }));

  for (const colorMode of ["rgb", "rgba", "grayscale"] as const) {
    it(`gives of many files what each gives alone, in mode ${colorMode}`, async () => {
      const paths = [...wholes, relative(process.cwd(), wholes[0]!), ...wholes];
      const decode = picturesDecoder(copyOf, { colorMode }, "test");
      for (const again of [false, true]) {
        const results = await decode(paths);
        for (const [index, result] of results.entries()) {
          assert.equal(result.status, "fulfilled", `${paths[index]} ${again}`);
          assert.deepEqual(result.value, await decodePicture(paths[index]!, { colorMode }, "test"));
        }
      }
    });
  }

  it("says of each broken file what is wrong with it, and gives the others", async () => {
    const decode = picturesDecoder(copyOf, { colorMode: "rgb" }, "test");
    const paths = [wholes[0]!, ...broken, wholes[2]!];
    const results = await decode(paths);
    assert.deepEqual(
      results.map(({ status }) => status),
      ["fulfilled", ...broken.map(() => "rejected"), "fulfilled"],
    );
    results.slice(1, -1).forEach((result, index) => {
      assert.equal(result.status, "rejected");
      assert.equal((result.reason as Error).name, "InputError");
      assert.match((result.reason as Error).message, /^test: .*; replace or remove the file$|no such file/);
      assert.ok((result.reason as Error).message.includes(broken[index]!));
    });
  });
});
