import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { findLibrary } from "../../src/tensorflow/findLibrary.ts";

describe("findLibrary", () => {
  let root: string;
  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), "find-library-")));
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  function touch(...parts: string[]): string {
    const path = join(root, ...parts);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, "");
    return path;
  }

  /** An environment as pip fills it. */
  function environment(name: string, library = "libtensorflow_cc.so.2"): string {
    return touch(name, "lib/python3.11/site-packages/tensorflow", library);
  }

  function find(env: NodeJS.ProcessEnv): ReturnType<typeof findLibrary> {
    return findLibrary({ env, cwd: join(root, "work"), home: join(root, "package") });
  }

  it("takes the first of: the package's .venv, the working directory's, VIRTUAL_ENV, CONDA_PREFIX, python3 on the PATH, the user's packages", () => {
    touch("package/package.json");
    touch("python/bin/python3");
    const order = ["package/.venv", "work/.venv", "virtual", "conda", "python", "user/.local"];
    const libraries = order.map((name) => environment(name));
    const env = {
      VIRTUAL_ENV: join(root, "virtual"),
      CONDA_PREFIX: join(root, "conda"),
      HOME: join(root, "user"),
      PATH: `${join(root, "nothing")}:${join(root, "python/bin")}`,
    };
    order.forEach((name, index) => {
      assert.deepEqual(find(env), { path: libraries[index] });
      rmSync(join(root, name), { recursive: true });
    });
    assert.equal(find(env).path, undefined);
  });

  it("names every place where it has looked", () => {
    touch("package/package.json");
    assert.deepEqual(find({ VIRTUAL_ENV: join(root, "virtual") }), {
      path: undefined,
      searched: ["package/.venv", "work/.venv", "virtual"].map((name) => join(root, name)),
    });
  });

  it("takes what CONVOSCOPE_LIBTENSORFLOW names: a file, its directory or an environment", () => {
    const library = environment("elsewhere");
    environment("work/.venv");
    for (const named of [library, dirname(library), join(root, "elsewhere"), "../elsewhere"]) {
      assert.deepEqual(find({ CONVOSCOPE_LIBTENSORFLOW: named }), { path: library });
    }
  });

  it("looks nowhere else when CONVOSCOPE_LIBTENSORFLOW is set", () => {
    environment("work/.venv");
    const nowhere = join(root, "nowhere");
    assert.deepEqual(find({ CONVOSCOPE_LIBTENSORFLOW: nowhere }), { path: undefined, searched: [nowhere] });
  });

  it("knows the names of macOS", () => {
    const library = environment("work/.venv", "libtensorflow_cc.2.dylib");
    assert.deepEqual(find({}), { path: library });
  });

  it("follows a python3 that is a link to where Python lies", () => {
    const library = environment("opt/python");
    touch("opt/python/bin/python3.11");
    mkdirSync(join(root, "bin"));
    symlinkSync(join(root, "opt/python/bin/python3.11"), join(root, "bin/python3"));
    assert.deepEqual(find({ PATH: join(root, "bin") }), { path: library });
  });
});
