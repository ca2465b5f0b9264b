import type { MessagePort } from "node:worker_threads";

import type { CommMessage } from "../../jupyter/commMessage.ts";
import type { MimeBundle } from "../../jupyter/mimeBundle.ts";
import { currentOrigin } from "../language/interruption.ts";
import type { Inspection, ToKernel } from "./messages.ts";
import { packPictures } from "./packPictures.ts";

// Kept, because a cell may replace them.
const parse = JSON.parse.bind(JSON);
const stringify = JSON.stringify.bind(JSON);

/** The kernel as the main thread sees it: what is published goes to the kernel thread, under the request that caused it. */
export class PortFrontend {
  readonly #port: MessagePort;
  readonly #inspections = new Map<number, (bundle: MimeBundle | undefined) => void>();
  #lastInspection = 0;

  constructor(port: MessagePort) {
    this.#port = port;
  }

  stream(name: "stdout" | "stderr", text: string): void {
    this.#post({ is: "stream", origin: currentOrigin(), name, text });
  }

  display(bundle: MimeBundle, options?: { displayId?: string; update?: boolean }): void {
    const { bundle: packed, transfer } = packPictures(toJsonBundle(bundle));
    this.#post(
      { is: "display", origin: currentOrigin(), bundle: packed, ...(options && { options }) },
      transfer,
    );
  }

  clearOutput({ wait = false }: { wait?: boolean } = {}): void {
    this.#post({ is: "clearOutput", origin: currentOrigin(), wait });
  }

  comm({ data, metadata, buffers, ...message }: CommMessage): void {
    const copy: CommMessage = {
      ...message,
      data: toJson(data),
      ...(metadata && { metadata: toJson(metadata) }),
    };
    // Copied, because what a view of a larger array shares with it would all go along.
    if (buffers) copy.buffers = buffers.map((buffer) => buffer.slice());
    this.#post({ is: "comm", origin: currentOrigin(), message: copy });
  }

  input(id: number, prompt: string, { password = false }: { password?: boolean } = {}): void {
    this.#post({ is: "input", id, origin: currentOrigin(), prompt, password });
  }

  /** What the checker knows of a name. */
  inspect(asked: Inspection): Promise<MimeBundle | undefined> {
    const id = ++this.#lastInspection;
    return new Promise((resolve) => {
      this.#inspections.set(id, resolve);
      this.#post({ is: "inspect", id, asked });
    });
  }

  /** Takes the answer to {@link inspect}. */
  inspected(id: number, bundle: MimeBundle | undefined): void {
    this.#inspections.get(id)?.(bundle);
    this.#inspections.delete(id);
  }

  /** Says that processes of this group go on when their command has ended. */
  background(group: number): void {
    this.#post({ is: "background", group });
  }

  exit(): void {
    this.#post({ is: "exit" });
  }

  #post(message: ToKernel, transfer: ArrayBuffer[] = []): void {
    this.#port.postMessage(message, transfer);
  }
}

/** The bundle as its JSON says it. Throws TypeError when it cannot be written as JSON: here, where the mistake was made. */
export function toJsonBundle({ data, metadata }: MimeBundle): MimeBundle {
  return { data: toJson(data), metadata: toJson(metadata) };
}

/** What JSON makes of each property. Text, which pictures are too, is taken as it is. */
function toJson(object: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(object).map(([key, value]) => {
    if (typeof value === "string") return [key, value] as const;
    const json = stringify(value) as string | undefined;
    return [key, json === undefined ? undefined : (parse(json) as unknown)] as const;
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}
