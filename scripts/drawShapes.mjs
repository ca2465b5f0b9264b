// Draws the pictures of data/shapes: circles, squares and triangles as a hand would sketch them, 28x28 RGB, black on
// white, the same for the same seed. Numbers 1-30 of each class are for testing, 31-100 for training.
//
//   node scripts/drawShapes.mjs [DIRECTORY] [SEED]
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createCanvas } from "canvas";
import seedrandom from "seedrandom";
import sharp from "sharp";

const size = 28;
const perClass = 100;
const testing = 30;
const margin = 1.5;

/** Corners of a regular polygon around the origin, its first corner at `angle`, each moved by hand. */
function corners(count, radius, angle, jitter, random) {
  return Array.from({ length: count }, (_, i) => {
    const a = angle + (2 * Math.PI * i) / count;
    const moved = () => (random() - 0.5) * jitter * radius;
    return [radius * Math.cos(a) + moved(), radius * Math.sin(a) + moved()];
  });
}

/** A closed outline through `points`; `bend` moves the middle of each side off the straight line. */
function outline(context, points, bend, random) {
  const start = points[0];
  context.moveTo(...start);
  points.forEach((from, i) => {
    const to = points[(i + 1) % points.length];
    const off = () => (random() - 0.5) * bend;
    context.quadraticCurveTo((from[0] + to[0]) / 2 + off(), (from[1] + to[1]) / 2 + off(), ...to);
  });
}

/** An oval whose radius breathes a little, not always quite closed, like a circle drawn in one go. */
function oval(context, radius, random) {
  const stretch = 0.8 + 0.4 * random();
  const tilt = Math.PI * random();
  const wave = random() * 0.08;
  const start = 2 * Math.PI * random();
  const end = start + 2 * Math.PI * (0.97 + 0.06 * random());
  for (let a = start; a < end; a += 0.15) {
    const r = radius * (1 + wave * Math.sin(3 * a + tilt));
    const x = r * stretch * Math.cos(a);
    const y = (r / stretch) * Math.sin(a);
    context.lineTo(x * Math.cos(tilt) - y * Math.sin(tilt), x * Math.sin(tilt) + y * Math.cos(tilt));
  }
}

const draw = {
  circles: (context, radius, random) => oval(context, radius, random),
  squares: (context, radius, random) =>
    outline(context, corners(4, radius, Math.PI / 4 + (random() - 0.5) * 0.5, 0.3, random), 1.2, random),
  triangles: (context, radius, random) =>
    outline(context, corners(3, radius * 1.1, 2 * Math.PI * random(), 0.6, random), 1.2, random),
};

async function picture(shape, random) {
  const canvas = createCanvas(size, size);
  const context = canvas.getContext("2d");
  context.fillStyle = "white";
  context.fillRect(0, 0, size, size);
  const radius = 3.5 + 8 * random();
  const room = size / 2 - margin - radius;
  const place = () => size / 2 + (random() - 0.5) * 2 * Math.max(0, room);
  context.translate(place(), place());
  context.lineWidth = 0.9 + 0.3 * random();
  context.lineJoin = context.lineCap = "round";
  context.beginPath();
  draw[shape](context, radius, random);
  context.stroke();
  return sharp(canvas.toBuffer("image/png")).removeAlpha().png({ compressionLevel: 9 }).toBuffer();
}

const [directory = "data/shapes", seed = "convoscope"] = process.argv.slice(2);
const random = seedrandom(seed);
for (const shape of Object.keys(draw)) {
  for (let number = 1; number <= perClass; number++) {
    const folder = join(directory, number <= testing ? "test_set" : "training_set", shape);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `drawing(${number}).png`), await picture(shape, random));
  }
}
