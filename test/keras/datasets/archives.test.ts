import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ArchiveEntry } from "../../../src/keras/datasets/archives/entry.ts";
import { extract } from "../../../src/keras/datasets/archives/extract.ts";
import { readTar } from "../../../src/keras/datasets/archives/tar.ts";
import { readZip } from "../../../src/keras/datasets/archives/zip.ts";
import { readIdx } from "../../../src/keras/datasets/idx.ts";
import { readNpz } from "../../../src/keras/datasets/npz.ts";
import { readPickle } from "../../../src/keras/datasets/pickle.ts";

// Made by tarfile, zipfile and NumPy: test/fixtures/keras/makeDatasets.py.
const fixtures = join(import.meta.dirname, "../../fixtures/keras/datasets");
const { long } = JSON.parse(readFileSync(join(fixtures, "expected.json"), "utf8")) as { long: string };

async function all(entries: AsyncIterable<ArchiveEntry>): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for await (const { name, data } of entries) files[name] = Buffer.from(data).toString();
  return files;
}

describe("archives", () => {
  let directory: string;
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "archives-"))));
  afterEach(() => rmSync(directory, { recursive: true }));
  const file = (name: string, content: string | Uint8Array) => {
    writeFileSync(join(directory, name), content);
    return join(directory, name);
  };
  const damaged = (name: string, change: (bytes: Buffer) => Buffer | void) => {
    const bytes = Buffer.from(readFileSync(join(fixtures, name)));
    return file(name, change(bytes) ?? bytes);
  };
  const refused = (answer: Promise<unknown>, message: RegExp) =>
    assert.rejects(answer, { name: "InputError", message });

  for (const form of ["gnu", "pax", "ustar"]) {
    it(`reads tar, long names included: ${form}`, async () => {
      const files = await all(readTar(join(fixtures, `${form}.tar`), "test"));
      assert.deepEqual(files, { [long]: "deep", empty: "", ["x".repeat(90)]: "1".repeat(513) });
    });
  }

  it("reads zip, stored and packed, with a comment at its end", async () => {
    const files = await all(readZip(join(fixtures, "files.zip"), "test"));
    assert.deepEqual(files, { "stored.txt": "stored", "directory/packed.txt": "packed".repeat(100) });
  });

  it("refuses archives that are cut short or damaged", async () => {
    await refused(
      all(
        readTar(
          damaged("gnu.tar", (bytes) => bytes.subarray(0, 2600)),
          "test",
        ),
      ),
      /a whole tar archive/,
    );
    await refused(
      all(
        readTar(
          damaged("gnu.tar", (bytes) => void (bytes[100] = 7)),
          "test",
        ),
      ),
      /a whole tar archive/,
    );
    const gz = damaged("cifar-10-binary.tar.gz", (bytes) => bytes.subarray(0, bytes.length >> 1));
    await refused(all(readTar(gz, "test")), /a whole gzip file, found .*unexpected end of file/);
    await refused(
      all(
        readZip(
          damaged("files.zip", (bytes) => bytes.subarray(0, 200)),
          "test",
        ),
      ),
      /a whole ZIP archive/,
    );
    await refused(
      all(
        readZip(
          damaged("files.zip", (bytes) => void (bytes[42] = 7)),
          "test",
        ),
      ),
      /a whole ZIP archive/,
    );
  });

  it("unpacks all or nothing, once, and nothing elsewhere", async () => {
    const place = join(directory, "a/place");
    await extract(readTar(join(fixtures, "gnu.tar"), "test"), place, { who: "test" });
    assert.equal(readFileSync(join(place, long), "utf8"), "deep");
    await extract(readZip(join(fixtures, "files.zip"), "test"), place, { who: "test" });
    assert(!existsSync(join(place, "stored.txt")));

    const cut = damaged("gnu.tar", (bytes) => bytes.subarray(0, 2600));
    await refused(extract(readTar(cut, "test"), join(directory, "b"), { who: "test" }), /a whole tar/);
    const evil = (async function* () {
      yield await Promise.resolve({ name: "x/../../evil", data: Buffer.from("") });
    })();
    await refused(extract(evil, join(directory, "c"), { who: "test" }), /found x\/\.\.\/\.\.\/evil/);
    assert.deepEqual(readdirSync(directory).sort(), ["a", "gnu.tar"]);
  });

  it("reads NumPy's arrays of other types, and says what it cannot", async () => {
    const path = join(fixtures, "types.npz");
    const arrays = await readNpz(path, ["i4", "f8", "i8"], "test");
    assert.deepEqual(arrays.i4, { shape: [2, 3], data: Int32Array.of(-3, -2, -1, 0, 1, 2) });
    assert.deepEqual(arrays.f8, { shape: [2], data: Float64Array.of(1.5, -2.25) });
    assert.deepEqual(arrays.i8, { shape: [], data: BigInt64Array.of(7n) });
    await refused(readNpz(path, ["f"], "test"), /rows first, found .*'fortran_order': True/);
    await refused(readNpz(path, ["g"], "test"), /g\.npy in .*, found i4\.npy, f8\.npy/);
  });

  it("refuses idx files that are none, or cut short", async () => {
    const whole = Buffer.from([0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 1, 5, 6]);
    const { shape, data } = await readIdx(file("whole", whole), "test");
    assert.deepEqual(
      [shape, Array.from(data as Uint8Array)],
      [
        [2, 1],
        [5, 6],
      ],
    );
    await refused(readIdx(file("short", whole.subarray(0, 13)), "test"), /found .*short, 13 bytes for 2x1/);
    await refused(readIdx(file("none", "text, not idx"), "test"), /found .*none, 13 bytes/);
  });

  it("runs nothing that a pickle asks for", () => {
    const pickle = Buffer.from("cos\nsystem\n(X\x04\0\0\0exittR.", "latin1");
    assert.deepEqual(readPickle(pickle, "test"), { called: "os.system", args: ["exit"] });
    assert.throws(() => readPickle(Buffer.from("Pid\n."), "test"), /plain data, found code "P" at 0/);
    assert.throws(() => readPickle(Buffer.from("]"), "test"), /plain data, found its end/);
  });
});
