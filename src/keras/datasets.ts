import { catsAndDogs } from "./datasets/catsAndDogs.ts";
import { cifar10 } from "./datasets/cifar10.ts";
import { mnist } from "./datasets/mnist.ts";
import { shapes } from "./shapesDataset.ts";

/** The data of the courses, by name: `await datasets.mnist()`, `await datasets.shapes()`. */
export const datasets = { mnist, cifar10, catsAndDogs, shapes };
