import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InputError } from "../../../src/errors.ts";
import type { Checksum } from "../../../src/keras/download/checksum.ts";
import { fetchFile, type FetchOptions } from "../../../src/keras/download/fetchFile.ts";
import { captureOutput } from "../captureOutput.ts";
import { startFileServer, type FileServer } from "./fileServer.ts";

const content = randomBytes(300_000);
const digest = (method: "md5" | "sha256", bytes: Buffer) => createHash(method).update(bytes).digest("hex");
const sha256: Checksum = `sha256:${digest("sha256", content)}`;

describe("fetchFile", () => {
  let directory: string;
  let server: FileServer;
  let output: string;
  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), "fetch-"));
    server = await startFileServer(content);
  });
  afterEach(async () => {
    await server.close();
    rmSync(directory, { recursive: true });
  });

  const fetched = async (options: Partial<FetchOptions> = {}) => {
    const capture = captureOutput();
    try {
      return await fetchFile(server.url, { directory, who: "test", ...options });
    } finally {
      output = capture.end();
    }
  };
  const refusal = async (message: RegExp, options: Partial<FetchOptions> = {}) => {
    await assert.rejects(fetched(options), (error) => {
      assert(error instanceof InputError, String(error));
      assert.match(error.message, message);
      return true;
    });
  };
  const file = (name = "weights.bin") => join(directory, name);
  const arrived = (path: string) => {
    assert(readFileSync(path).equals(content));
    assert.deepEqual(readdirSync(directory), [path.slice(directory.length + 1)]);
  };
  /** Leaves the first bytes of the file, as a download that was broken off does. */
  const leavePart = async (bytes = 100_000) => {
    server.cuts = [bytes];
    const stop = new AbortController();
    server.onAnswer = () => setTimeout(() => stop.abort(), 20);
    server.stalls = true;
    await assert.rejects(fetched({ hash: sha256, signal: stop.signal }), { name: "AbortError" });
    Object.assign(server, { asked: [], cuts: [], stalls: false, onAnswer: () => undefined });
  };

  it("downloads a file into a directory that it makes, and says so", async () => {
    const path = await fetched({ directory: file("a/b"), hash: sha256 });
    assert.equal(path, file("a/b/weights.bin"));
    assert(readFileSync(path).equals(content));
    assert.equal(output, `Downloading weights.bin from ${server.url}\n`);
  });

  it("uses the file that is there, without asking the server", async () => {
    writeFileSync(file("mine.bin"), content);
    for (const hash of [sha256, `md5:${digest("md5", content)}`, undefined] as (Checksum | undefined)[]) {
      assert.equal(await fetched({ name: "mine.bin", hash }), file("mine.bin"));
    }
    assert.deepEqual(server.asked, []);
    assert.equal(output, "");
  });

  it("replaces a file that is not the published one", async () => {
    writeFileSync(file(), content.subarray(0, 1000));
    arrived(await fetched({ hash: sha256 }));
    assert.match(output, /weights\.bin is not the published file: downloading it anew/);
  });

  it("goes on where a connection was cut", async () => {
    server.cuts = [100_000, 50_000];
    arrived(await fetched());
    assert.deepEqual(server.asked, [undefined, "bytes=100000-", "bytes=150000-"]);
  });

  it("goes on where an earlier download was stopped", async () => {
    await leavePart();
    assert(!existsSync(file()));
    arrived(await fetched({ hash: sha256 }));
    assert.deepEqual(server.asked, ["bytes=100000-"]);
  });

  it("notices that all had arrived before", async () => {
    writeFileSync(file("weights.bin.part"), content);
    arrived(await fetched({ hash: sha256 }));
    assert.deepEqual(server.asked, [`bytes=${content.length}-`]);
  });

  it("begins anew when the server has another version by now", async () => {
    await leavePart();
    Object.assign(server, { version: "2", content: Buffer.from(content).reverse() });
    const path = await fetched();
    assert(readFileSync(path).equals(server.content));
  });

  it("begins anew when what was put together has the wrong checksum", async () => {
    await leavePart();
    writeFileSync(file("weights.bin.part"), Buffer.alloc(100_000));
    arrived(await fetched({ hash: sha256 }));
    assert.deepEqual(server.asked, ["bytes=100000-", undefined]);
  });

  it("begins anew where the server cannot give parts", async () => {
    Object.assign(server, { cuts: [100_000], ranges: false });
    arrived(await fetched({ hash: sha256 }));
    assert.equal(server.asked.length, 2);
  });

  it("does not put together what nothing tells to belong together", async () => {
    Object.assign(server, { cuts: [100_000], version: "" });
    arrived(await fetched());
    assert.deepEqual(server.asked, [undefined, undefined]);
  });

  it("takes a file of unknown length", async () => {
    server.tellsLength = false;
    arrived(await fetched({ hash: sha256 }));
  });

  it("follows redirects, and waits for a server in trouble", async () => {
    Object.assign(server, { redirects: 2, failures: [503, 429] });
    arrived(await fetched());
  });

  it("leaves the file alone that another process is writing", async () => {
    writeFileSync(file("weights.bin.part"), "another's");
    writeFileSync(file("weights.bin.part.lock"), String(process.ppid));
    const path = await fetched({ hash: sha256 });
    assert(readFileSync(path).equals(content));
    assert.equal(readFileSync(file("weights.bin.part"), "utf8"), "another's");
    assert.deepEqual(readdirSync(directory).sort(), [
      "weights.bin",
      "weights.bin.part",
      "weights.bin.part.lock",
    ]);
  });

  it("takes over from a process that has died", async () => {
    await leavePart();
    writeFileSync(file("weights.bin.part.lock"), "999999999");
    arrived(await fetched({ hash: sha256 }));
    assert.deepEqual(server.asked, ["bytes=100000-"]);
  });

  it("serves several at once", async () => {
    const capture = captureOutput();
    const options = { directory, who: "test", hash: sha256 };
    const paths = await Promise.all([1, 2, 3].map(() => fetchFile(server.url, options))).finally(capture.end);
    paths.forEach(arrived);
  });

  describe("says what to do", () => {
    it("when there is no such file", async () => {
      server.failures = [404];
      await refusal(
        /^test: expected a download from http.*, found the answer 404 Not Found; get it in another way and save it as .*weights\.bin$/,
      );
      assert.deepEqual(readdirSync(directory), []);
    });

    it("when the server cannot be reached", async () => {
      const { url } = server;
      await server.close();
      await refusal(/found .*ECONNREFUSED/);
      assert.equal(server.url, url);
      assert.deepEqual(readdirSync(directory), []);
    });

    it("when the connection is cut again and again", async () => {
      server.cuts = [100_000, 0, 0, 0, 0, 0, 0, 0];
      await refusal(/run it again to go on where it stopped, or get it in another way/);
      assert(!existsSync(file()));
      server.cuts = [];
      arrived(await fetched());
    });

    it("when the checksum is wrong, and what was there stays", async () => {
      writeFileSync(file(), "old");
      const hash: Checksum = `md5:${"0".repeat(32)}`;
      await refusal(
        new RegExp(`expected ${server.url} with checksum ${hash}, found md5:${digest("md5", content)}`),
        { hash },
      );
      assert.equal(readFileSync(file(), "utf8"), "old");
      assert.deepEqual(readdirSync(directory), ["weights.bin"]);
    });

    it("when the cache is a file", async () => {
      writeFileSync(file("cache"), "");
      await refusal(/a place for downloads in .*cache.* KERAS_HOME/, { directory: file("cache/models") });
    });

    it("when the cache may not be written", async function () {
      // Who may do everything may write everywhere, but not where nothing can be written.
      const place = process.getuid?.() === 0 ? "/proc/keras" : file("readOnly");
      if (place !== "/proc/keras") {
        mkdirSync(place);
        chmodSync(place, 0o500);
      }
      await refusal(/expected a place for downloads in .*; set KERAS_HOME/, { directory: place });
      assert.deepEqual(server.asked, []);
    });
  });
});
