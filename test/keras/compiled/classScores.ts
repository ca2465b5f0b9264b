/** Predictions of classes 0, 2, 1 and 0, of which the first two are right. */
export const scores = [
  [0.7, 0.2, 0.1],
  [0.1, 0.3, 0.6],
  [0.2, 0.5, 0.3],
  [0.6, 0.3, 0.1],
];

/** The classes that are right. */
export const classes = [0, 2, 0, 1];
