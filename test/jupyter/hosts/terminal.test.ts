import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { needPython } from "../../support/needs.ts";
import { root } from "../../support/paths.ts";

const terminal = join(root, "src/jupyter/hosts/terminal.ts");
const script = (code: string): string[] => [
  "--import",
  "tsx",
  "--input-type=module",
  "--eval",
  `import { terminalHost as host } from ${JSON.stringify(terminal)};\n${code}`,
];

async function run(code: string, input: string): Promise<string> {
  const child = spawn(process.execPath, script(code), { cwd: root, stdio: ["pipe", "pipe", "pipe"] });
  child.stdin.end(input);
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  assert.equal(errors, "");
  return output;
}

describe("the terminal", function () {
  this.timeout(60_000);

  it("asks for lines, one after the other, until the input ends", async () => {
    const code = `
      console.log(await host.input("a? "));
      console.log(await host.input("b? ", { password: true }));
      for (let i = 0; i < 2; i++) await host.input("c? ").catch((error) => console.log(error.message));`;
    const ended = "input: expected a line, found the end of the input";
    assert.equal(await run(code, "1\n2\n"), `a? 1\nb? 2\nc? ${ended}\nc? ${ended}\n`);
  });

  it("asks while everything waits", async () => {
    const code = `
      console.log(host.inputSync("a? "));
      console.log(host.inputSync("b? "));
      try { host.inputSync("c? "); } catch (error) { console.log(error.message); }`;
    assert.equal(
      await run(code, "1\r\né"),
      "a? 1\nb? é\nc? input: expected a line, found the end of the input\n",
    );
  });

  // Python's pty is a terminal for a program that has none.
  const typed = `
import os, pty, sys
answers = [b"name\\r", b"sex\\x7fcret\\r"]
def read(fd):
    data = os.read(fd, 1024)
    while answers and data.endswith(b"? "):
        os.write(fd, answers.pop(0))
        break
    return data
sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:], read, lambda fd: b"")))
`;

  for (const method of ["input", "inputSync"]) {
    it(`shows what is typed, but no passwords, with ${method}`, async function () {
      const python = needPython.call(this);
      const code = `
        console.log("[" + (await host.${method}("a? ")) + "]");
        console.log("[" + (await host.${method}("b? ", { password: true })) + "]");`;
      const child = spawn(python, ["-c", typed, process.execPath, ...script(code)], {
        cwd: root,
        stdio: ["pipe", "pipe", "inherit"],
      });
      const output = await text(child.stdout);
      child.stdin.end();
      // Without what readline sends to move the cursor.
      const plain = output.replace(/\x1b\[[0-9]*[A-Za-z]/g, "");
      assert.match(plain, /a\? name\r*\n\[name\]/);
      assert.match(plain, /b\? [\r\n]*\[secret\]/);
    });
  }
});
