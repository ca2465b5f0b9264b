import koffi from "koffi";

/** What the driver of NVIDIA says of the first GPU. */
export interface Nvidia {
  name: string;
  /** The newest CUDA that the driver knows: 12040 for 12.4. */
  cuda: number;
  /** Such as 9.0: below 7 there are no units for float16, below 8 none for bfloat16. */
  computeCapability: number;
  /** CUDA's code when the driver could not start; then nothing but `cuda` is known. */
  failure?: number;
}

const usualLibrary = process.platform === "win32" ? "nvcuda.dll" : "libcuda.so.1";

/** CUDA's code for a machine that has the driver but no GPU, or where CUDA_VISIBLE_DEVICES hides it. */
const noDevice = 100;
/** Attributes of a device (cuda.h). */
const attributes = { major: 75, minor: 76 } as const;

/** Asks the driver for the first GPU; undefined where there is no driver or no GPU. */
export function findNvidia(library = usualLibrary): Nvidia | undefined {
  let cuda: ReturnType<typeof koffi.load>;
  try {
    cuda = koffi.load(library);
  } catch {
    return undefined;
  }
  const init = cuda.func("int cuInit(unsigned int)") as (flags: number) => number;
  const driverVersion = cuda.func("int cuDriverGetVersion(void*)") as (version: Int32Array) => number;
  const count = cuda.func("int cuDeviceGetCount(void*)") as (count: Int32Array) => number;
  const nameOf = cuda.func("int cuDeviceGetName(void*, int, int)") as (
    text: Uint8Array,
    bytes: number,
    device: number,
  ) => number;
  const attributeOf = cuda.func("int cuDeviceGetAttribute(void*, int, int)") as (
    value: Int32Array,
    attribute: number,
    device: number,
  ) => number;

  const number = new Int32Array(1);
  const read = (ask: (into: Int32Array) => number): number => (ask(number) === 0 ? number[0]! : 0);
  const version = read(driverVersion);
  const failure = init(0);
  if (failure === noDevice || (failure === 0 && read(count) === 0)) return undefined;
  if (failure !== 0) return { name: "NVIDIA GPU", cuda: version, computeCapability: 0, failure };
  const text = Buffer.alloc(256);
  nameOf(text, text.length, 0);
  const [major, minor] = [attributes.major, attributes.minor].map((attribute) =>
    read((into) => attributeOf(into, attribute, 0)),
  ) as [number, number];
  return {
    name: text.toString("utf8", 0, text.indexOf(0)),
    cuda: version,
    computeCapability: major + minor / 10,
  };
}
