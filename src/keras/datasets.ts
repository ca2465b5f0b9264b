import { shapes } from "./shapesDataset.ts";

/** The data of the courses, by name: `await datasets.shapes()`. */
export const datasets = { shapes };
