/**
 * Breaks a line at spaces so that each part fits into `room`; a word that is too long by itself is broken behind its joints (`_`, `/`,
 * `-`, `.`), and where it has none, where it has to be.
 */
export function wrapText(text: string, room: number, measure: (text: string) => number): string[] {
  const lines: string[] = [];
  let line = "";
  for (let word of text.split(" ")) {
    if (line !== "" && measure(`${line} ${word}`) <= room) {
      line = `${line} ${word}`;
      continue;
    }
    if (line !== "") lines.push(line);
    while (word.length > 1 && measure(word) > room) {
      let length = word.length - 1;
      while (length > 1 && measure(word.slice(0, length)) > room) length--;
      length = /^.*[_/.-]/.exec(word.slice(0, length))?.[0].length ?? length;
      lines.push(word.slice(0, length));
      word = word.slice(length);
    }
    line = word;
  }
  return [...lines, line];
}
