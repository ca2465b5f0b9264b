// What a long training leaves behind: the memory of the process (RSS) after a tenth, a half and all of its epochs. And the most
// memory that two steps of a large net take, beside Keras.
import { runNode } from "../python.mjs";
import { startSide } from "../train/side.mjs";

export async function measureMemory({ epochs = 1000 } = {}) {
  const lines = [];
  for (const way of ["fit", "model.fit", "new models"]) {
    const { marks, tensors } = await runNode("bench/memory/train.mjs", [way, epochs]);
    const [first, middle, last] = marks;
    lines.push(
      `memory, ${way}, ${epochs} epochs: ${first} MB after a tenth, ${middle} MB after a half, ${last} MB at the end: ${(last / first).toFixed(2)}; ${tensors} tensors left`,
    );
  }
  const ours = await peakOf("ours");
  const keras = await peakOf("keras");
  lines.push(
    `memory, VGG-16, two steps of 8 pictures: at most ${ours.toFixed(2)} GB, Keras ${keras.toFixed(2)} GB: ${(ours / keras).toFixed(2)}`,
  );
  return lines;
}

/** One side after the other: both at once may be more than the machine has. */
async function peakOf(name) {
  const side = startSide(name);
  try {
    const request = { work: "first", net: "vgg16", task: "fit", batch: 8, steps: 1, epochs: 1 };
    return (await side.ask(request)).peak / 1e9;
  } finally {
    side.close();
  }
}
