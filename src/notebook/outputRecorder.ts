import type { CodeCell, Output, StreamOutput } from "./nbformat.ts";
import { StreamText } from "./streamText.ts";

type Content = Record<string, unknown>;

/**
 * Turns the messages that a kernel publishes into the outputs of cells, as Jupyter's front ends do: pieces of a stream
 * grow together, `clear_output` waits for the next output if it says so, and a display with an id is replaced wherever it
 * stands, in earlier cells too. One recorder serves a whole run.
 */
export class OutputRecorder {
  readonly #displays = new Map<string, Output[]>();
  readonly #streams = new WeakMap<StreamOutput, StreamText>();
  readonly #waitingToClear = new Set<CodeCell>();

  /** Adds what one IOPub message says to the outputs of the cell that caused it. */
  record(cell: CodeCell, type: string, content: Content): void {
    switch (type) {
      case "stream":
        this.#write(cell, content.name === "stderr" ? "stderr" : "stdout", String(content.text));
        break;
      case "display_data":
        this.#show(cell, { output_type: "display_data", ...bundleOf(content) }, content);
        break;
      case "execute_result":
        this.#show(
          cell,
          {
            output_type: "execute_result",
            execution_count: typeof content.execution_count === "number" ? content.execution_count : null,
            ...bundleOf(content),
          },
          content,
        );
        break;
      case "update_display_data":
        this.#update(displayIdOf(content), content);
        break;
      case "error":
        this.#add(cell, {
          output_type: "error",
          ename: String(content.ename),
          evalue: String(content.evalue),
          traceback: Array.isArray(content.traceback) ? content.traceback.map(String) : [],
        });
        break;
      case "clear_output":
        if (content.wait === true) this.#waitingToClear.add(cell);
        else cell.outputs.length = 0;
        break;
    }
  }

  #write(cell: CodeCell, name: "stdout" | "stderr", text: string): void {
    this.#clearIfAsked(cell);
    const last = cell.outputs.at(-1);
    const stream: StreamOutput =
      last?.output_type === "stream" && last.name === name ? last : { output_type: "stream", name, text: "" };
    if (stream !== last) cell.outputs.push(stream);
    const lines = this.#streams.get(stream) ?? new StreamText();
    this.#streams.set(stream, lines);
    lines.append(text);
    stream.text = lines.text;
  }

  #show(cell: CodeCell, output: Output, content: Content): void {
    const id = displayIdOf(content);
    if (id !== undefined) {
      this.#update(id, content);
      this.#displays.set(id, [...(this.#displays.get(id) ?? []), output]);
    }
    this.#add(cell, output);
  }

  #update(id: string | undefined, content: Content): void {
    for (const output of this.#displays.get(id ?? "") ?? []) Object.assign(output, bundleOf(content));
  }

  #add(cell: CodeCell, output: Output): void {
    this.#clearIfAsked(cell);
    cell.outputs.push(output);
  }

  #clearIfAsked(cell: CodeCell): void {
    if (this.#waitingToClear.delete(cell)) cell.outputs.length = 0;
  }
}

function bundleOf(content: Content): { data: Content; metadata: Content } {
  return { data: toObject(content.data), metadata: toObject(content.metadata) };
}

function displayIdOf(content: Content): string | undefined {
  const id = toObject(content.transient).display_id;
  return typeof id === "string" ? id : undefined;
}

function toObject(value: unknown): Content {
  return typeof value === "object" && value !== null ? (value as Content) : {};
}
