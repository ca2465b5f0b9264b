import { InputError } from "../errors.ts";
import { openLibrary } from "./capi.ts";
import type { CApi, OpenLibrary, Pointer } from "./capi.ts";
import { muteStderr } from "./muteStderr.ts";

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
  /** Where float tensors live and operations run: TensorFlow's name for the device, and whether it is a GPU. */
  device: { name: string; isGpu: boolean };
  /** Throws the status as an Error that begins with `who`, unless it is OK. */
  check: (who: string) => void;
}

/**
 * Opens the library at `path` and makes a context. What TensorFlow prints meanwhile is seen only where `TF_CPP_MIN_LOG_LEVEL` is 0 or 1.
 *
 * @throws InputError when the library is broken or too old
 */
export function openContext(path: string): Context {
  const chatty = ["0", "1"].includes(process.env.TF_CPP_MIN_LOG_LEVEL ?? "");
  process.env.TF_CPP_MIN_LOG_LEVEL ??= "2";
  // A step of training needs far less than the whole memory of a GPU, which TensorFlow would take by default.
  process.env.TF_FORCE_GPU_ALLOW_GROWTH ??= "true";
  const open = (): Context => newContext(path, openFitting(path));
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

function newContext(path: string, { version, c }: { version: string; c: CApi }): Context {
  const status = c.TF_NewStatus();
  const check = (who: string): void => {
    if (c.TF_GetCode(status) !== 0) throw new Error(`${who}: ${c.TF_Message(status)}`);
  };
  const options = c.TFE_NewContextOptions();
  try {
    const pointer = c.TFE_NewContext(options, status);
    if (pointer === null) check("TFE_NewContext");
    const made = { path, version, c, pointer: pointer!, status, check };
    return { ...made, device: bestDevice(made) };
  } catch (error) {
    throw unusable(path, error);
  } finally {
    c.TFE_DeleteContextOptions(options);
  }
}

/** The first GPU, or else the CPU. */
function bestDevice({ c, pointer, status, check }: Omit<Context, "device">): Context["device"] {
  const list = c.TFE_ContextListDevices(pointer, status);
  check("TFE_ContextListDevices");
  try {
    const devices = Array.from({ length: c.TF_DeviceListCount(list!) }, (_, index) => ({
      name: c.TF_DeviceListName(list!, index, status),
      type: c.TF_DeviceListType(list!, index, status),
    }));
    const gpu = devices.find(({ type }) => type === "GPU");
    const chosen = gpu ?? devices.find(({ type }) => type === "CPU");
    return { name: chosen?.name ?? "", isGpu: gpu !== undefined };
  } finally {
    c.TF_DeleteDeviceList(list!);
  }
}
