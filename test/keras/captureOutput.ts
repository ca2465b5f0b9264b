/** Takes over what is written to a stream, by default standard output, until `end`, which gives it. */
export function captureOutput(stream: NodeJS.WriteStream = process.stdout): { end: () => string } {
  const own = Object.getOwnPropertyDescriptor(stream, "write");
  let text = "";
  stream.write = (chunk: string | Uint8Array) => {
    text += String(chunk);
    return true;
  };
  return {
    end() {
      if (own) Object.defineProperty(stream, "write", own);
      else Reflect.deleteProperty(stream, "write");
      return text;
    },
  };
}
