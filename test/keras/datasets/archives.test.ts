import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32, deflateRawSync } from "node:zlib";
import type { ArchiveEntry } from "../../../src/keras/datasets/archives/entry.ts";
import { extract } from "../../../src/keras/datasets/archives/extract.ts";
import { readTar } from "../../../src/keras/datasets/archives/tar.ts";
import { readZip } from "../../../src/keras/datasets/archives/zip.ts";
import { readIdx } from "../../../src/keras/datasets/idx.ts";
import { openNpz } from "../../../src/keras/datasets/npz.ts";
import { readPickle } from "../../../src/keras/datasets/pickle.ts";
import { tf } from "../../../src/tensorflow/tf.ts";

// Made by tarfile, zipfile and NumPy: test/fixtures/keras/makeDatasets.py.
const fixtures = join(import.meta.dirname, "../../fixtures/keras/datasets");
const { long } = JSON.parse(readFileSync(join(fixtures, "expected.json"), "utf8")) as { long: string };

async function all(entries: AsyncIterable<ArchiveEntry>): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for await (const { name, data } of entries) files[name] = Buffer.from(data).toString();
  return files;
}

/** A ZIP archive of one packed file. */
function zipOf(name: string, content: Uint8Array): Buffer {
  const packed = deflateRawSync(content);
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(8, 4);
  fields.writeUInt32LE(crc32(content), 10);
  fields.writeUInt32LE(packed.length, 14);
  fields.writeUInt32LE(content.length, 18);
  fields.writeUInt16LE(name.length, 22);
  const signature = (last: number) => Buffer.of(0x50, 0x4b, last - 1, last);
  const central = Buffer.concat([signature(2), Buffer.alloc(2), fields, Buffer.alloc(14), Buffer.from(name)]);
  const local = Buffer.concat([signature(4), fields, Buffer.from(name), packed]);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(1, 6);
  end.writeUInt32LE(local.length, 12);
  return Buffer.concat([local, central, signature(6), end]);
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
    const npz = await openNpz(path, "test");
    assert.deepEqual(await npz.read("i4"), { shape: [2, 3], data: Float32Array.of(-3, -2, -1, 0, 1, 2) });
    assert.deepEqual(await npz.read("f8"), { shape: [2], data: Float32Array.of(1.5, -2.25) });
    assert.deepEqual(await npz.read("i8"), { shape: [], data: Float32Array.of(7) });
    await refused(npz.read("g"), /g\.npy in .*, found i4\.npy, f8\.npy/);
    const text = file("text.npz", zipOf("x.npy", Buffer.from("\x93NUMPY, or not", "latin1")));
    await refused(
      (await openNpz(text, "test")).readFloats("x"),
      /an array that NumPy saved, found x\.npy of .*text\.npz/,
    );
  });

  it("reads numbers of any type and order as a tensor", async () => {
    const before = tf.memory().numTensors;
    const npz = await openNpz(join(fixtures, "types.npz"), "test");
    const turned = await npz.readFloats("f");
    const rows = await npz.readFloats("i4");
    const double = await npz.readFloats("f8");
    assert.deepEqual([turned.dtype, rows.shape, double.shape], ["float32", [2, 3], [2]]);
    assert.deepEqual(
      [turned.shape, Array.from(turned.dataSync())],
      [
        [2, 3],
        [0, 1, 2, 3, 4, 5],
      ],
    );
    assert.deepEqual(
      [Array.from(rows.dataSync()), Array.from(double.dataSync())],
      [
        [-3, -2, -1, 0, 1, 2],
        [1.5, -2.25],
      ],
    );
    tf.dispose([turned, rows, double]);
    assert.equal(tf.memory().numTensors, before);
  });

  it("reads NumPy's bytes as a tensor while they are unpacked, and frees it where they are damaged", async () => {
    const before = tf.memory().numTensors;
    const size = 3 * 2 ** 20;
    const values = Uint8Array.from({ length: size }, (_, at) => (at * 7919) >> 7);
    const text = `{'descr': '|u1', 'fortran_order': False, 'shape': (3, ${2 ** 20}), }`;
    const header = Buffer.from(`\x93NUMPY\x01\x00\x00\x00${text}\n`, "latin1");
    header.writeUInt16LE(text.length + 1, 8);
    const bytes = zipOf("x.npy", Buffer.concat([header, values]));
    const tensor = await (await openNpz(file("whole.npz", bytes), "test")).readFloats("x");
    assert.deepEqual(tensor.shape, [3, 2 ** 20]);
    assert.deepEqual(Buffer.from(Uint8Array.from(tensor.dataSync())), Buffer.from(values));
    tensor.dispose();
    const short = zipOf("x.npy", Buffer.concat([header, values.subarray(1)]));
    const broken = Buffer.from(bytes);
    broken[bytes.length >> 1]! ^= 1;
    for (const [name, content, message] of [
      ["short.npz", short, /a whole x\.npy in .*short\.npz, found another size/],
      ["broken.npz", broken, /a whole ZIP archive, found .*broken\.npz/],
    ] as const) {
      await refused((await openNpz(file(name, content), "test")).readFloats("x"), message);
    }
    assert.equal(tf.memory().numTensors, before);
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
