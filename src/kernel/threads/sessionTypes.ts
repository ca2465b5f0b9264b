import { setTimeout as delay } from "node:timers/promises";

import type { MimeBundle } from "../../jupyter/mimeBundle.ts";
import type { Completeness, Completion } from "../core/interpreter.ts";
import { Checker } from "../language/checker/checker.ts";
import { formatDiagnostics } from "../language/checker/formatDiagnostics.ts";
import type { DescribeLive } from "../language/checker/liveDescription.ts";
import type { LiveMembers } from "../language/checker/liveMembers.ts";
import { policyIn, policyOf, readPolicy, type Policy } from "../language/checker/policy.ts";
import { magicAt } from "../language/magics/magicAt.ts";
import { parseCell } from "../language/magics/parseCell.ts";

/** How long the checker lets a cell run alone on the machine, in milliseconds, and how long it waits for a quiet moment at most. */
const headStart = 50;
const quiet = 15;
const mostPatience = 150;

/** A cell whose types are known, or will be. */
export interface TypedCell {
  readonly policy: Policy;
  /** What is wrong with its types, as text; empty when nothing is. */
  note(): Promise<string>;
  /** Forgets the cell, because it did not run. */
  forget(): void;
}

/** The types of the session's cells, and what is to be done about wrong ones. */
export class SessionTypes {
  readonly #checker: Checker;
  readonly #directory: string;
  #policy: Policy;
  #cells = 0;
  #latest = 0;

  constructor({ directory, log }: { directory: string; log: (line: string) => void }) {
    this.#checker = new Checker({ directory, log });
    this.#directory = directory;
    this.#policy = "warn";
    try {
      this.#policy = readPolicy(directory);
    } catch (error) {
      log((error as Error).message);
    }
  }

  /** Whether a cell may have to wait for its check. Mostly not, which is known without reading it. */
  mayRefuse(code: string): boolean {
    return this.#policy === "error" || code.includes("%ts");
  }

  /** Adds a cell that is about to run, or has just been sent to. */
  add(code: string, name: string): TypedCell {
    const { typescript, isObject, magics } = parseCell(code);
    this.#policy = policyIn(magics) ?? this.#policy;
    if (magics.some(({ name: magic }) => magic === "reset")) this.#checker.reset();
    // An object by itself declares nothing, and as a statement it would be a block.
    const cell = { id: ++this.#cells, code: isObject ? "" : typescript };
    this.#checker.add(cell);
    this.#latest = performance.now();
    return {
      policy: policyOf(code, this.#policy),
      forget: () => this.#checker.remove(cell.id),
      note: async () => formatDiagnostics(await this.#checker.diagnose(cell.id), { code, name }),
    };
  }

  /** Loads TypeScript, so that the first question is answered soon. */
  warmUp(): void {
    if (this.#policy !== "off") this.#checker.warmUp();
  }

  isComplete(code: string): Promise<Completeness> {
    return this.#checker.isComplete(code);
  }

  async complete(code: string, offset: number, live: LiveMembers): Promise<Completion> {
    const place = magicAt(code, offset);
    if (place !== undefined && place.part !== "expression") {
      const { completeMagic } = await import("../language/magics/completeMagic.ts");
      return completeMagic(place, offset, this.#directory);
    }
    return this.#checker.complete(parseCell(place?.code ?? code).typescript, offset, { live });
  }

  async inspect(
    code: string,
    offset: number,
    detail: 0 | 1,
    live: DescribeLive,
  ): Promise<MimeBundle | undefined> {
    const place = magicAt(code, offset);
    if (place !== undefined && place.part !== "expression") {
      const { describeMagic } = await import("../language/magics/completeMagic.ts");
      return describeMagic(place.name);
    }
    return this.#checker.inspect(parseCell(place?.code ?? code).typescript, offset, detail, { live });
  }

  close(): Promise<void> {
    return this.#checker.close();
  }

  /** Resolves when a check disturbs nobody: the cell has ended or runs for long, and no other has started just now. */
  async quietMoment(ended: Promise<unknown>): Promise<void> {
    await Promise.race([ended, delay(headStart)]);
    const until = performance.now() + mostPatience;
    while (performance.now() < until && performance.now() - this.#latest < quiet) await delay(quiet);
  }
}
