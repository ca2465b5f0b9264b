import { InputError } from "../errors.ts";
import { openLibrary } from "./capi.ts";
import type { CApi, OpenLibrary, Pointer } from "./capi.ts";
import { muteStderr } from "./muteStderr.ts";
import { sessionConfig } from "./configProto.ts";
import type { SessionOptions } from "./configProto.ts";
import { hostMemory } from "./hostMemory.ts";
import { statusError } from "./statusError.ts";

/** The oldest version whose C API has everything that is called here. */
const oldest = [2, 16] as const;

/** One eager context of TensorFlow; it lives as long as the thread that opened it. */
export interface Context {
  /** Where the library lies. */
  path: string;
  /** TensorFlow's version, such as "2.21.0". */
  version: string;
  /** The functions of the library. */
  c: CApi;
  /** The TFE_Context. */
  pointer: Pointer;
  /** The one TF_Status that all calls share: {@link check} it after each call that takes it. */
  status: Pointer;
  /** Where float tensors live and operations run: TensorFlow's name for the device, whether it is a GPU, and the bytes it may take of it. */
  device: { name: string; isGpu: boolean; bytes: number };
  /** Throws a status, by default the shared one, as an Error that begins with `who` ({@link statusError}), unless it is OK. */
  check: (who: string, status?: Pointer) => void;
}

/**
 * Opens the library at `path` and makes a context with these options. What TensorFlow prints meanwhile is seen only where `TF_CPP_MIN_LOG_LEVEL` is 0 or 1.
 *
 * @throws InputError when the library is broken or too old
 */
export function openContext(path: string, options: SessionOptions = {}): Context {
  const chatty = ["0", "1"].includes(process.env.TF_CPP_MIN_LOG_LEVEL ?? "");
  process.env.TF_CPP_MIN_LOG_LEVEL ??= "2";
  const open = (): Context => newContext(path, openFitting(path), options);
  return chatty ? open() : muteStderr(open);
}

function openFitting(path: string): { version: string; c: CApi } {
  let library: OpenLibrary;
  try {
    library = openLibrary(path);
  } catch (error) {
    throw unusable(path, error);
  }
  const [major = 0, minor = 0] = library.version.split(".").map(Number);
  if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
    throw new InputError({
      who: "TensorFlow",
      expected: `version ${oldest.join(".")} or newer`,
      found: `${library.version} in ${path}`,
      fix: "pip install --upgrade tensorflow",
    });
  }
  try {
    return { version: library.version, c: library.functions() };
  } catch (error) {
    throw unusable(path, error);
  }
}

function unusable(path: string, cause: unknown): InputError {
  const found = cause instanceof Error ? cause.message : String(cause);
  return new InputError({
    who: "TensorFlow",
    expected: "a library that can be loaded",
    found: found.includes(path) ? found : `${path}: ${found}`,
    fix: "pip install --force-reinstall tensorflow",
    cause,
  });
}

function newContext(
  path: string,
  { version, c }: { version: string; c: CApi },
  sessionOptions: SessionOptions,
): Context {
  const status = c.TF_NewStatus();
  const gpuMemory = new Map<string, number>();
  const library = `${version} in ${path}`;
  const check = (who: string, of = status): void => {
    const code = c.TF_GetCode(of);
    if (code !== 0) throw statusError({ who, code, message: c.TF_Message(of), library, gpuMemory });
  };
  const options = c.TFE_NewContextOptions();
  try {
    const config = sessionConfig(sessionOptions);
    c.TFE_ContextOptionsSetConfig(options, config, config.length, status);
    check("TFE_ContextOptionsSetConfig");
    const pointer = c.TFE_NewContext(options, status);
    if (pointer === null) check("TFE_NewContext");
    const made = { path, version, c, pointer: pointer!, status, check };
    const device = bestDevice(made);
    if (device.isGpu) gpuMemory.set(shortName(device.name), device.bytes);
    return { ...made, device };
  } catch (error) {
    throw unusable(path, error);
  } finally {
    c.TFE_DeleteContextOptions(options);
  }
}

/** "GPU:0" of TensorFlow's long name for a device. */
export function shortName(device: string): string {
  return device.replace(/^.*device:/, "");
}

/** The first GPU, or else the CPU. */
function bestDevice({ c, pointer, status, check }: Omit<Context, "device">): Context["device"] {
  const list = c.TFE_ContextListDevices(pointer, status);
  check("TFE_ContextListDevices");
  try {
    const devices = Array.from({ length: c.TF_DeviceListCount(list!) }, (_, index) => ({
      name: c.TF_DeviceListName(list!, index, status),
      type: c.TF_DeviceListType(list!, index, status),
      bytes: Number(c.TF_DeviceListMemoryBytes(list!, index, status)),
    }));
    const gpu = devices.find(({ type }) => type === "GPU");
    const cpu = devices.find(({ type }) => type === "CPU");
    const { name = "", bytes = 0 } = gpu ?? cpu ?? {};
    // For the CPU TensorFlow says a fixed number that means nothing.
    return { name, isGpu: gpu !== undefined, bytes: gpu === undefined ? hostMemory().all : bytes };
  } finally {
    c.TF_DeleteDeviceList(list!);
  }
}
