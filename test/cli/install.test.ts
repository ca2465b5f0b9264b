import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";
import sharp from "sharp";
import { refusal } from "../../src/cli/kernelspec/refusal.ts";
import { userDataDirectory } from "../../src/jupyter/userDataDirectory.ts";
import { InputError } from "../../src/errors.ts";
import { needProgram, needPython } from "../support/needs.ts";
import { root } from "../support/paths.ts";
import { runToEnd } from "../support/processes.ts";
import { convoscope } from "./support/convoscope.ts";

interface Spec {
  argv: string[];
  display_name: string;
  language: string;
  interrupt_mode: string;
  kernel_protocol_version: string;
  env: Record<string, string>;
}

describe("convoscope install", () => {
  let directory: string;
  before(needProgram);
  beforeEach(() => (directory = realpathSync(mkdtempSync(join(tmpdir(), "convoscope-install-")))));
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const read = (place: string): Spec => JSON.parse(readFileSync(join(place, "kernel.json"), "utf8")) as Spec;

  it("writes a kernelspec with logos below a prefix, and prints each path", async () => {
    const { code, stdout } = await convoscope(["install", "--prefix", directory]);
    const place = join(directory, "share/jupyter/kernels/convoscope");
    assert.equal(code, 0);
    const files = ["logo-32x32.png", "logo-64x64.png", "logo-svg.svg", "kernel.json"];
    assert.equal(stdout, files.map((name) => `wrote ${join(place, name)}\n`).join(""));
    assert.deepEqual(readdirSync(place).sort(), files.sort());
  });

  it("says how to start, to stop and to show the kernel, by paths that are absolute and there", async () => {
    await convoscope(["install", "--prefix", directory]);
    const spec = read(join(directory, "share/jupyter/kernels/convoscope"));
    assert.equal(spec.display_name, "TypeScript (Convoscope)");
    assert.equal(spec.language, "typescript");
    assert.equal(spec.interrupt_mode, "message");
    assert.equal(spec.kernel_protocol_version, "5.5");
    const [node = "", main = "", ...rest] = spec.argv;
    assert.ok(isAbsolute(node) && existsSync(node));
    assert.ok(isAbsolute(main) && existsSync(main));
    assert.deepEqual(rest, ["{connection_file}"]);
  });

  it("takes a name, a display name and variables for the kernel", async () => {
    const flags = ["--name", "ts-2", "--display-name", "Two", "--env", "A=b=c", "--env", "D="];
    await convoscope(["install", "--prefix", directory, ...flags]);
    const spec = read(join(directory, "share/jupyter/kernels/ts-2"));
    assert.equal(spec.display_name, "Two");
    assert.deepEqual(spec.env, { A: "b=c", D: "" });
  });

  it("installs for the user by default, where Jupyter looks", async () => {
    const env = { JUPYTER_DATA_DIR: join(directory, "data") };
    assert.equal((await convoscope(["install"], { env })).code, 0);
    assert.equal((await convoscope(["install", "--user", "--name", "b"], { env })).code, 0);
    assert.deepEqual(readdirSync(join(directory, "data/kernels")).sort(), ["b", "convoscope"]);
  });

  it("installs into the active environment with --sys-prefix", async () => {
    const { code } = await convoscope(["install", "--sys-prefix"], { env: { VIRTUAL_ENV: directory } });
    assert.equal(code, 0);
    assert.ok(existsSync(join(directory, "share/jupyter/kernels/convoscope/kernel.json")));
  });

  it("is found by Jupyter itself", async function () {
    const python = needPython.call(this);
    await convoscope(["install", "--prefix", directory]);
    const list =
      "import jupyter_client.kernelspec as k; s = k.get_kernel_spec('convoscope'); print(s.display_name, s.interrupt_mode, s.resource_dir)";
    const { stdout, stderr } = await runToEnd(python, ["-c", list], {
      env: { JUPYTER_PATH: join(directory, "share/jupyter") },
    });
    assert.equal(
      stdout,
      `TypeScript (Convoscope) message ${join(directory, "share/jupyter/kernels/convoscope")}\n`,
      stderr,
    );
  });

  it("says where else to go when a place may not be written", () => {
    const cause = Object.assign(new Error("EACCES"), { code: "EACCES" });
    const refused = refusal("convoscope install", "/usr/share", cause);
    assert.ok(refused instanceof InputError);
    assert.match(refused.message, /found no permission for \/usr\/share; use --user, or --prefix/);
    assert.equal(refusal("convoscope install", "/usr/share", "another error"), "another error");
  });

  it("is undone by uninstall, once", async () => {
    await convoscope(["install", "--prefix", directory]);
    const place = join(directory, "share/jupyter/kernels/convoscope");
    assert.deepEqual(await convoscope(["uninstall", "--prefix", directory]), {
      code: 0,
      stdout: `removed ${place}\n`,
      stderr: "",
    });
    assert.equal(existsSync(place), false);
    const { code, stderr } = await convoscope(["uninstall", "--prefix", directory]);
    assert.equal(code, 1);
    assert.equal(
      stderr,
      `convoscope uninstall: expected a kernelspec in ${place}, found none; convoscope doctor says where it is\n`,
    );
  });

  it("lets uninstall remove nothing that is no kernelspec", async () => {
    const place = join(directory, "share/jupyter/kernels/other");
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, "file"), "");
    assert.equal((await convoscope(["uninstall", "--prefix", directory, "--name", "other"])).code, 1);
    assert.ok(existsSync(join(place, "file")));
  });
});

describe("userDataDirectory", () => {
  const home = "/home/a";
  it("is what JUPYTER_DATA_DIR says", () =>
    assert.equal(userDataDirectory({ env: { JUPYTER_DATA_DIR: "/x" }, home }), "/x"));
  it("follows the customs of Linux", () => {
    assert.equal(userDataDirectory({ env: {}, platform: "linux", home }), "/home/a/.local/share/jupyter");
    assert.equal(userDataDirectory({ env: { XDG_DATA_HOME: "/d" }, platform: "linux", home }), "/d/jupyter");
  });
  it("follows those of macOS", () =>
    assert.equal(userDataDirectory({ env: {}, platform: "darwin", home }), "/home/a/Library/Jupyter"));
  it("follows those of Windows", () =>
    assert.equal(userDataDirectory({ env: { APPDATA: "/r" }, platform: "win32", home }), "/r/jupyter"));
});

describe("the logos", () => {
  for (const size of [32, 64]) {
    it(`are pictures of ${size} pixels, transparent around the corners, drawn from the SVG`, async () => {
      const logo = sharp(join(root, `kernelspec/logo-${size}x${size}.png`));
      const drawn = sharp(join(root, "kernelspec/logo-svg.svg"), { density: 72 * 8 }).resize(size, size);
      const [a, b] = await Promise.all(
        [logo, drawn].map((one) => one.raw().toBuffer({ resolveWithObject: true })),
      );
      assert.deepEqual([a?.info.width, a?.info.height, a?.info.channels], [size, size, 4]);
      assert.equal(a?.data[3], 0);
      const differences = a?.data.map((value, index) => Math.abs(value - (b?.data[index] ?? 0)));
      assert.ok(Math.max(...(differences ?? [255])) < 24, "the PNG shows what the SVG shows");
    });
  }
});
