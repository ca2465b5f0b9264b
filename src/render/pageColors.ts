/** What pictures are drawn with: on white, so that they look the same on a light page and on a dark one. */
export const pageColors = { page: "white", ink: "#1f2328", quiet: "#59636e", edge: "#d1d9e0" };
