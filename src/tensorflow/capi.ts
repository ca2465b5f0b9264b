import koffi from "koffi";

/** An address in C's memory. */
export type Pointer = bigint;
/** What C reads from or writes to through a `void*`; typed arrays are passed without a copy. */
export type Memory = Pointer | NodeJS.TypedArray | null;

/** C's TF_Output: one of the outputs of an operation in a graph. */
export interface GraphOutput {
  oper: Pointer;
  index: number;
}

koffi.struct("TF_Output", { oper: "void*", index: "int" });

/**
 * The functions of TensorFlow's C API that are called here, as tensorflow/c/c_api.h and tensorflow/c/eager/c_api.h
 * declare them. Every object of the library is an address; nothing but this file knows C's types.
 */
export interface CApi {
  TF_Version(): string;
  TF_NewStatus(): Pointer;
  TF_DeleteStatus(status: Pointer): void;
  TF_GetCode(status: Pointer): number;
  TF_Message(status: Pointer): string;

  TFE_NewContextOptions(): Pointer;
  TFE_ContextOptionsSetConfig(options: Pointer, config: Memory, bytes: number, status: Pointer): void;
  TFE_DeleteContextOptions(options: Pointer): void;
  TFE_NewContext(options: Pointer, status: Pointer): Pointer | null;
  TFE_ContextListDevices(context: Pointer, status: Pointer): Pointer | null;
  TF_DeviceListCount(devices: Pointer): number;
  TF_DeviceListName(devices: Pointer, index: number, status: Pointer): string;
  TF_DeviceListType(devices: Pointer, index: number, status: Pointer): string;
  TF_DeviceListMemoryBytes(devices: Pointer, index: number, status: Pointer): number | bigint;
  TF_DeleteDeviceList(devices: Pointer): void;

  TF_AllocateTensor(dtype: number, dims: BigInt64Array, numDims: number, bytes: number): Pointer | null;
  TF_TensorData(tensor: Pointer): Pointer | null;
  TF_TensorType(tensor: Pointer): number;
  TF_TensorByteSize(tensor: Pointer): number | bigint;
  TF_TensorElementCount(tensor: Pointer): number | bigint;
  TF_DeleteTensor(tensor: Pointer): void;
  TF_StringInit(text: Pointer): void;
  TF_StringCopy(text: Pointer, bytes: Uint8Array, size: number): void;
  TF_StringGetDataPointer(text: Pointer): Pointer;
  TF_StringGetSize(text: Pointer): number | bigint;
  TF_StringDealloc(text: Pointer): void;

  TFE_NewTensorHandle(tensor: Pointer, status: Pointer): Pointer | null;
  TFE_DeleteTensorHandle(handle: Pointer): void;
  TFE_TensorHandleResolve(handle: Pointer, status: Pointer): Pointer | null;
  TFE_TensorHandleCopyToDevice(
    handle: Pointer,
    context: Pointer,
    device: string,
    status: Pointer,
  ): Pointer | null;
  /** Another handle of the same data. */
  TFE_TensorHandleCopySharingTensor(handle: Pointer, status: Pointer): Pointer | null;
  TFE_TensorHandleDataType(handle: Pointer): number;
  TFE_TensorHandleNumDims(handle: Pointer, status: Pointer): number;
  TFE_TensorHandleDim(handle: Pointer, index: number, status: Pointer): number | bigint;

  TFE_NewOp(context: Pointer, name: Memory, status: Pointer): Pointer | null;
  TFE_OpReset(op: Pointer, name: Memory, device: Memory, status: Pointer): void;
  TFE_DeleteOp(op: Pointer): void;
  TFE_OpAddInput(op: Pointer, handle: Pointer, status: Pointer): void;
  TFE_OpSetAttrString(this: void, op: Pointer, name: Memory, value: Memory, bytes: number): void;
  TFE_OpSetAttrInt(this: void, op: Pointer, name: Memory, value: number | bigint): void;
  TFE_OpSetAttrFloat(this: void, op: Pointer, name: Memory, value: number): void;
  TFE_OpSetAttrBool(this: void, op: Pointer, name: Memory, value: number): void;
  TFE_OpSetAttrType(this: void, op: Pointer, name: Memory, value: number): void;
  TFE_OpSetAttrShape(
    this: void,
    op: Pointer,
    name: Memory,
    dims: BigInt64Array,
    numDims: number,
    status: Pointer,
  ): void;
  TFE_OpSetAttrFunctionName(this: void, op: Pointer, name: Memory, value: Memory, bytes: number): void;
  TFE_OpSetAttrIntList(this: void, op: Pointer, name: Memory, values: BigInt64Array, count: number): void;
  TFE_OpSetAttrFloatList(this: void, op: Pointer, name: Memory, values: Float32Array, count: number): void;
  TFE_OpSetAttrBoolList(this: void, op: Pointer, name: Memory, values: Uint8Array, count: number): void;
  TFE_OpSetAttrTypeList(this: void, op: Pointer, name: Memory, values: Int32Array, count: number): void;
  TFE_Execute: {
    (op: Pointer, outputs: BigUint64Array, count: Int32Array, status: Pointer): void;
    /** The same on another thread; `done` is called on this one. */
    async(
      op: Pointer,
      outputs: BigUint64Array,
      count: Int32Array,
      status: Pointer,
      done: (error: Error | null) => void,
    ): void;
  };
  TFE_ContextAddFunction(context: Pointer, definition: Pointer, status: Pointer): void;
  TFE_ContextRemoveFunction(context: Pointer, name: Memory, status: Pointer): void;

  TF_NewSessionOptions(): Pointer;
  TF_DeleteSessionOptions(options: Pointer): void;
  TF_NewGraph(): Pointer;
  TF_DeleteGraph(graph: Pointer): void;
  TF_GraphOperationByName(graph: Pointer, name: string): Pointer | null;
  TF_NewOperation(graph: Pointer, type: Memory, name: string): Pointer;
  TF_FinishOperation(description: Pointer, status: Pointer): Pointer | null;
  TF_AddInput(description: Pointer, input: GraphOutput): void;
  TF_AddInputList(description: Pointer, inputs: BigInt64Array, count: number): void;
  TF_AddControlInput(description: Pointer, operation: Pointer): void;
  TF_OperationOutputType(output: GraphOutput): number;
  TF_OperationOutputNumConsumers(output: GraphOutput): number;
  TF_OperationOutputConsumers(output: GraphOutput, consumers: BigInt64Array, most: number): number;
  TF_SetAttrString(this: void, description: Pointer, name: Memory, value: Memory, bytes: number): void;
  TF_SetAttrInt(this: void, description: Pointer, name: Memory, value: number | bigint): void;
  TF_SetAttrFloat(this: void, description: Pointer, name: Memory, value: number): void;
  TF_SetAttrBool(this: void, description: Pointer, name: Memory, value: number): void;
  TF_SetAttrType(this: void, description: Pointer, name: Memory, value: number): void;
  TF_SetAttrShape(this: void, description: Pointer, name: Memory, dims: BigInt64Array, numDims: number): void;
  TF_SetAttrFuncName(this: void, description: Pointer, name: Memory, value: Memory, bytes: number): void;
  TF_SetAttrIntList(
    this: void,
    description: Pointer,
    name: Memory,
    values: BigInt64Array,
    count: number,
  ): void;
  TF_SetAttrFloatList(
    this: void,
    description: Pointer,
    name: Memory,
    values: Float32Array,
    count: number,
  ): void;
  TF_SetAttrBoolList(this: void, description: Pointer, name: Memory, values: Uint8Array, count: number): void;
  TF_SetAttrTypeList(this: void, description: Pointer, name: Memory, values: Int32Array, count: number): void;
  TF_SetAttrTensor(this: void, description: Pointer, name: Memory, tensor: Pointer, status: Pointer): void;
  TF_GraphToFunctionWithControlOutputs(
    graph: Pointer,
    name: string,
    appendHash: number,
    numOperations: number,
    operations: Memory,
    numInputs: number,
    inputs: BigInt64Array,
    numOutputs: number,
    outputs: BigInt64Array,
    outputNames: Memory,
    numControlOutputs: number,
    controlOutputs: BigInt64Array,
    controlOutputNames: Memory,
    options: Memory,
    description: Memory,
    status: Pointer,
  ): Pointer | null;
  TF_DeleteFunction(definition: Pointer): void;
  TF_GraphGetOpDef(graph: Pointer, name: string, buffer: Pointer, status: Pointer): void;
  TF_NewBuffer(): Pointer;
  TF_DeleteBuffer(buffer: Pointer): void;
  TF_LoadSessionFromSavedModel(
    options: Pointer,
    runOptions: Memory,
    directory: string,
    tags: string[],
    numTags: number,
    graph: Pointer,
    metaGraph: Memory,
    status: Pointer,
  ): Pointer | null;
  TF_DeleteSession(session: Pointer, status: Pointer): void;
  TF_SessionRun(
    session: Pointer,
    runOptions: Memory,
    inputs: BigInt64Array,
    inputValues: BigUint64Array,
    numInputs: number,
    outputs: BigInt64Array,
    outputValues: BigUint64Array,
    numOutputs: number,
    targets: Memory,
    numTargets: number,
    runMetadata: Memory,
    status: Pointer,
  ): void;

  /** From the C library that TensorFlow itself is linked with. */
  memcpy(to: Memory, from: Memory, bytes: number): Pointer;
}

const declarations: Record<keyof CApi, string> = {
  TF_Version: "const char* TF_Version()",
  TF_NewStatus: "void* TF_NewStatus()",
  TF_DeleteStatus: "void TF_DeleteStatus(void*)",
  TF_GetCode: "int TF_GetCode(void*)",
  TF_Message: "const char* TF_Message(void*)",

  TFE_NewContextOptions: "void* TFE_NewContextOptions()",
  TFE_ContextOptionsSetConfig: "void TFE_ContextOptionsSetConfig(void*, void*, size_t, void*)",
  TFE_DeleteContextOptions: "void TFE_DeleteContextOptions(void*)",
  TFE_NewContext: "void* TFE_NewContext(void*, void*)",
  TFE_ContextListDevices: "void* TFE_ContextListDevices(void*, void*)",
  TF_DeviceListCount: "int TF_DeviceListCount(void*)",
  TF_DeviceListName: "const char* TF_DeviceListName(void*, int, void*)",
  TF_DeviceListType: "const char* TF_DeviceListType(void*, int, void*)",
  TF_DeviceListMemoryBytes: "int64_t TF_DeviceListMemoryBytes(void*, int, void*)",
  TF_DeleteDeviceList: "void TF_DeleteDeviceList(void*)",

  TF_AllocateTensor: "void* TF_AllocateTensor(int, void*, int, size_t)",
  TF_TensorData: "void* TF_TensorData(void*)",
  TF_TensorType: "int TF_TensorType(void*)",
  TF_TensorByteSize: "size_t TF_TensorByteSize(void*)",
  TF_TensorElementCount: "int64_t TF_TensorElementCount(void*)",
  TF_DeleteTensor: "void TF_DeleteTensor(void*)",
  TF_StringInit: "void TF_StringInit(void*)",
  TF_StringCopy: "void TF_StringCopy(void*, void*, size_t)",
  TF_StringGetDataPointer: "void* TF_StringGetDataPointer(void*)",
  TF_StringGetSize: "size_t TF_StringGetSize(void*)",
  TF_StringDealloc: "void TF_StringDealloc(void*)",

  TFE_NewTensorHandle: "void* TFE_NewTensorHandle(void*, void*)",
  TFE_DeleteTensorHandle: "void TFE_DeleteTensorHandle(void*)",
  TFE_TensorHandleResolve: "void* TFE_TensorHandleResolve(void*, void*)",
  TFE_TensorHandleCopyToDevice: "void* TFE_TensorHandleCopyToDevice(void*, void*, const char*, void*)",
  TFE_TensorHandleCopySharingTensor: "void* TFE_TensorHandleCopySharingTensor(void*, void*)",
  TFE_TensorHandleDataType: "int TFE_TensorHandleDataType(void*)",
  TFE_TensorHandleNumDims: "int TFE_TensorHandleNumDims(void*, void*)",
  TFE_TensorHandleDim: "int64_t TFE_TensorHandleDim(void*, int, void*)",

  TFE_NewOp: "void* TFE_NewOp(void*, void*, void*)",
  TFE_OpReset: "void TFE_OpReset(void*, void*, void*, void*)",
  TFE_DeleteOp: "void TFE_DeleteOp(void*)",
  TFE_OpAddInput: "void TFE_OpAddInput(void*, void*, void*)",
  TFE_OpSetAttrString: "void TFE_OpSetAttrString(void*, void*, void*, size_t)",
  TFE_OpSetAttrInt: "void TFE_OpSetAttrInt(void*, void*, int64_t)",
  TFE_OpSetAttrFloat: "void TFE_OpSetAttrFloat(void*, void*, float)",
  TFE_OpSetAttrBool: "void TFE_OpSetAttrBool(void*, void*, unsigned char)",
  TFE_OpSetAttrType: "void TFE_OpSetAttrType(void*, void*, int)",
  TFE_OpSetAttrShape: "void TFE_OpSetAttrShape(void*, void*, void*, int, void*)",
  TFE_OpSetAttrFunctionName: "void TFE_OpSetAttrFunctionName(void*, void*, void*, size_t)",
  TFE_OpSetAttrIntList: "void TFE_OpSetAttrIntList(void*, void*, void*, int)",
  TFE_OpSetAttrFloatList: "void TFE_OpSetAttrFloatList(void*, void*, void*, int)",
  TFE_OpSetAttrBoolList: "void TFE_OpSetAttrBoolList(void*, void*, void*, int)",
  TFE_OpSetAttrTypeList: "void TFE_OpSetAttrTypeList(void*, void*, void*, int)",
  TFE_Execute: "void TFE_Execute(void*, void*, void*, void*)",
  TFE_ContextAddFunction: "void TFE_ContextAddFunction(void*, void*, void*)",
  TFE_ContextRemoveFunction: "void TFE_ContextRemoveFunction(void*, void*, void*)",

  TF_NewSessionOptions: "void* TF_NewSessionOptions()",
  TF_DeleteSessionOptions: "void TF_DeleteSessionOptions(void*)",
  TF_NewGraph: "void* TF_NewGraph()",
  TF_DeleteGraph: "void TF_DeleteGraph(void*)",
  TF_GraphOperationByName: "void* TF_GraphOperationByName(void*, const char*)",
  TF_NewOperation: "void* TF_NewOperation(void*, void*, const char*)",
  TF_FinishOperation: "void* TF_FinishOperation(void*, void*)",
  TF_AddInput: "void TF_AddInput(void*, TF_Output)",
  TF_AddInputList: "void TF_AddInputList(void*, void*, int)",
  TF_AddControlInput: "void TF_AddControlInput(void*, void*)",
  TF_OperationOutputType: "int TF_OperationOutputType(TF_Output)",
  TF_OperationOutputNumConsumers: "int TF_OperationOutputNumConsumers(TF_Output)",
  TF_OperationOutputConsumers: "int TF_OperationOutputConsumers(TF_Output, void*, int)",
  TF_SetAttrString: "void TF_SetAttrString(void*, void*, void*, size_t)",
  TF_SetAttrInt: "void TF_SetAttrInt(void*, void*, int64_t)",
  TF_SetAttrFloat: "void TF_SetAttrFloat(void*, void*, float)",
  TF_SetAttrBool: "void TF_SetAttrBool(void*, void*, unsigned char)",
  TF_SetAttrType: "void TF_SetAttrType(void*, void*, int)",
  TF_SetAttrShape: "void TF_SetAttrShape(void*, void*, void*, int)",
  TF_SetAttrFuncName: "void TF_SetAttrFuncName(void*, void*, void*, size_t)",
  TF_SetAttrIntList: "void TF_SetAttrIntList(void*, void*, void*, int)",
  TF_SetAttrFloatList: "void TF_SetAttrFloatList(void*, void*, void*, int)",
  TF_SetAttrBoolList: "void TF_SetAttrBoolList(void*, void*, void*, int)",
  TF_SetAttrTypeList: "void TF_SetAttrTypeList(void*, void*, void*, int)",
  TF_SetAttrTensor: "void TF_SetAttrTensor(void*, void*, void*, void*)",
  TF_GraphToFunctionWithControlOutputs:
    "void* TF_GraphToFunctionWithControlOutputs(void*, const char*, unsigned char, int, void*, int, void*, int, void*, void*, int, void*, void*, void*, void*, void*)",
  TF_DeleteFunction: "void TF_DeleteFunction(void*)",
  TF_GraphGetOpDef: "void TF_GraphGetOpDef(void*, const char*, void*, void*)",
  TF_NewBuffer: "void* TF_NewBuffer()",
  TF_DeleteBuffer: "void TF_DeleteBuffer(void*)",
  TF_LoadSessionFromSavedModel:
    "void* TF_LoadSessionFromSavedModel(void*, void*, const char*, const char**, int, void*, void*, void*)",
  TF_DeleteSession: "void TF_DeleteSession(void*, void*)",
  TF_SessionRun:
    "void TF_SessionRun(void*, void*, void*, void*, int, void*, void*, int, void*, int, void*, void*)",

  memcpy: "void* memcpy(void*, void*, size_t)",
};

/** A library that is open: its version, and its functions once that version is known to be one that fits. */
export interface OpenLibrary {
  version: string;
  functions(): CApi;
}

/**
 * Opens TensorFlow's library. The symbols are made global, because the libraries that it loads later look for them.
 *
 * @throws Error when the file is no library for this machine, or lacks a function
 */
export function openLibrary(path: string): OpenLibrary {
  const library = koffi.load(path, { global: true, lazy: true });
  keepLoaded(path);
  const version = library.func(declarations.TF_Version) as () => string;
  return {
    version: version(),
    functions: () =>
      Object.fromEntries(
        Object.entries(declarations).map(([name, declaration]) => [name, library.func(declaration)]),
      ) as unknown as CApi,
  };
}

/**
 * Opens the library once more, for good. koffi closes what it opened when the thread ends, and the handlers that TensorFlow has left with
 * `atexit` would then be called where there is no code any more.
 */
function keepLoaded(path: string): void {
  if (process.platform === "win32") return;
  const bindLazily = 1;
  koffi.load(null).func("void* dlopen(const char*, int)")(path, bindLazily);
}
