/** Takes over what is written to standard output until `end`, which gives it. */
export function captureOutput(): { end: () => string } {
  const { stdout } = process;
  const own = Object.getOwnPropertyDescriptor(stdout, "write");
  let text = "";
  stdout.write = (chunk: string | Uint8Array) => {
    text += String(chunk);
    return true;
  };
  return {
    end() {
      if (own) Object.defineProperty(stdout, "write", own);
      else Reflect.deleteProperty(stdout, "write");
      return text;
    },
  };
}
