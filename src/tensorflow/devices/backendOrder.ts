/** The backends that there are, from the fastest to the slowest. */
export const backendNames = ["tensorflow", "webgpu", "wasm", "cpu"] as const;

export type BackendName = (typeof backendNames)[number];

/**
 * In which order the backends are tried when the first tensor is made: the one that is wanted, then TensorFlow on a GPU or the CPU, then
 * WebAssembly, then plain JavaScript. WebGPU starts only where it is wanted: it can be neither started nor read without `await`, so what
 * was written for the others would fail on it.
 */
export function backendOrder(wanted?: BackendName): BackendName[] {
  const usual = backendNames.filter((name) => name !== "webgpu" && name !== wanted);
  return wanted === undefined ? usual : [wanted, ...usual];
}
