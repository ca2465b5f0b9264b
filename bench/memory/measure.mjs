// What a long training leaves behind: the memory of the process (RSS) after a tenth, a half and all of its epochs.
import { runNode } from "../python.mjs";

export async function measureMemory({ epochs = 1000 } = {}) {
  const lines = [];
  for (const way of ["fit", "model.fit", "new models"]) {
    const { marks, tensors } = await runNode("bench/memory/train.mjs", [way, epochs]);
    const [first, middle, last] = marks;
    lines.push(
      `memory, ${way}, ${epochs} epochs: ${first} MB after a tenth, ${middle} MB after a half, ${last} MB at the end: ${(last / first).toFixed(2)}; ${tensors} tensors left`,
    );
  }
  return lines;
}
