/** Numbers in rows of rows, as a file holds them. */
export interface Numbers {
  shape: number[];
  data: Uint8Array | Float32Array;
}
