/** Options of the sets. */
export interface DatasetOptions {
  /** Where the set is, instead of looking for it. */
  directory?: string;
  /** Stops a download. Default: the notebook's stop button. */
  signal?: AbortSignal;
}
