/** A file in an archive. */
export interface ArchiveEntry {
  /** Its path in the archive, with slashes. */
  name: string;
  data: Uint8Array;
}
