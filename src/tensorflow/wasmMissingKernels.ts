import * as tf from "@tensorflow/tfjs";
import type { KernelBackend, TensorInfo } from "@tensorflow/tfjs";

/** The cpu backend, as its kernels use it. */
type CpuBackend = KernelBackend & {
  makeTensorInfo(shape: number[], dtype: tf.DataType, values: tf.BackendValues): TensorInfo;
};

const backendName = "wasm";

/**
 * Lets the kernels that tfjs-backend-wasm lacks (the gradient of a gather, Einsum and some more) run in plain JavaScript, on copies of
 * their inputs, where it would refuse them. Complex numbers it cannot hold; their kernels stay missing.
 *
 * @param newCpuBackend makes the backend that these kernels run on, when the first of them is called
 */
export function registerWasmMissingKernels(newCpuBackend: () => KernelBackend): void {
  const there = new Set(tf.getKernelsForBackend(backendName).map(({ kernelName }) => kernelName));
  let cpu: CpuBackend | undefined;
  for (const { kernelName, kernelFunc } of tf.getKernelsForBackend("cpu")) {
    if (there.has(kernelName) || complexKernels.has(kernelName)) continue;
    tf.registerKernel({
      kernelName,
      backendName,
      kernelFunc: ({ inputs, attrs = {}, backend }) => {
        cpu ??= newCpuBackend() as CpuBackend;
        return runOn(cpu, backend as KernelBackend, inputs, (copies) =>
          kernelFunc({ inputs: copies, attrs, backend: cpu! }),
        );
      },
    });
  }
}

/** Those whose inputs or outputs are complex numbers. */
const complexKernels = new Set(["Complex", "ComplexAbs", "FFT", "IFFT", "Imag", "Real"]);

/** Copies the inputs to `cpu`, runs `kernel` there, and copies the results back to `home`. */
function runOn(
  cpu: CpuBackend,
  home: KernelBackend,
  inputs: tf.NamedTensorInfoMap,
  kernel: (copies: tf.NamedTensorInfoMap) => TensorInfo | TensorInfo[],
): TensorInfo | TensorInfo[] {
  const copies: TensorInfo[] = [];
  const there = ({ dataId, shape, dtype }: TensorInfo): TensorInfo => {
    const copy = cpu.makeTensorInfo(shape, dtype, home.readSync(dataId));
    copies.push(copy);
    return copy;
  };
  const back = ({ dataId, shape, dtype }: TensorInfo): TensorInfo => {
    const copy = { dataId: home.write(cpu.readSync(dataId), shape, dtype), shape, dtype };
    cpu.disposeData(dataId);
    return copy;
  };
  try {
    const results = kernel(eachTensor(inputs, there) as tf.NamedTensorInfoMap);
    return Array.isArray(results) ? results.map(back) : back(results);
  } finally {
    for (const { dataId } of copies) cpu.disposeData(dataId);
  }
}

/** The same inputs with `change` done to each tensor: some kernels take lists, and some inputs may be missing. */
function eachTensor(input: unknown, change: (tensor: TensorInfo) => TensorInfo): unknown {
  if (Array.isArray(input)) return input.map((one) => eachTensor(one, change));
  if (typeof input !== "object" || input === null) return input;
  if ("dataId" in input) return change(input as TensorInfo);
  return Object.fromEntries(Object.entries(input).map(([name, one]) => [name, eachTensor(one, change)]));
}
