/** A picture as float32: rows from the top, channels beside one another. */
export interface FloatImage {
  data: Float32Array;
  height: number;
  width: number;
  channels: number;
}
