/**
 * A notebook in memory: nbformat 4.5 with every multi-line text joined to one string, so that nothing else has to know
 * that files may hold lists of lines.
 */
export interface Notebook {
  metadata: NotebookMetadata;
  cells: Cell[];
}

export interface NotebookMetadata {
  kernelspec?: { name: string; display_name: string; language?: string };
  language_info?: { name: string; [key: string]: unknown };
  [key: string]: unknown;
}

export type Cell = CodeCell | MarkdownCell | RawCell;

export interface CodeCell extends CellBase {
  cell_type: "code";
  execution_count: number | null;
  outputs: Output[];
}

export interface MarkdownCell extends CellBase {
  cell_type: "markdown";
  attachments?: Attachments;
}

export interface RawCell extends CellBase {
  cell_type: "raw";
  attachments?: Attachments;
}

interface CellBase {
  id: string;
  source: string;
  metadata: CellMetadata;
}

export interface CellMetadata {
  tags?: string[];
  /** When what happened, as JupyterLab records it: ISO 8601 by `iopub.execute_input`, `shell.execute_reply` … */
  execution?: Record<string, string>;
  [key: string]: unknown;
}

/** Files pasted into a Markdown cell: name to MIME type to base64. */
export type Attachments = Record<string, Record<string, string>>;

export type Output = StreamOutput | DisplayOutput | ResultOutput | ErrorOutput;

export interface StreamOutput {
  output_type: "stream";
  name: "stdout" | "stderr";
  text: string;
}

export interface DisplayOutput {
  output_type: "display_data";
  data: Record<string, unknown>;
  metadata: Record<string, unknown>;
}

export interface ResultOutput {
  output_type: "execute_result";
  execution_count: number | null;
  data: Record<string, unknown>;
  metadata: Record<string, unknown>;
}

export interface ErrorOutput {
  output_type: "error";
  ename: string;
  evalue: string;
  traceback: string[];
}

/** Whether a cell carries a tag. */
export function hasTag(cell: Cell, tag: string): boolean {
  return cell.metadata.tags?.includes(tag) ?? false;
}
