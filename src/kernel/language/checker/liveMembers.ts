import { setTimeout as wait } from "node:timers/promises";

import type { Completion, CompletionMatch } from "../../core/interpreter.ts";
import type { LiveMember } from "../liveMembers.ts";
import type { TypedCompletion } from "./complete.ts";

/** The members of the value of a dotted expression, `a.b.c`, as it is now. */
export type LiveMembers = (expression: string) => Promise<LiveMember[]>;

/** How long a value is waited for, in milliseconds: a cell may be computing. */
const patience = 50;

/** Adds what the value itself has where its type says nothing. */
export async function addLiveMembers(
  { receiver, ...completion }: TypedCompletion,
  code: string,
  live: LiveMembers | undefined,
): Promise<Completion> {
  if (receiver === undefined || live === undefined) return completion;
  const typed = code.slice(completion.start, completion.end);
  const members = await inTime(live(receiver));
  const matches: CompletionMatch[] = members
    .filter(({ name }) => name.startsWith(typed))
    .map(({ name, type, signature }) => ({ text: name, type, signature }));
  return { ...completion, matches: [...completion.matches, ...matches] };
}

async function inTime(members: Promise<LiveMember[]>): Promise<LiveMember[]> {
  const timer = new AbortController();
  const tooLate = wait(patience, [], { signal: timer.signal }).catch(() => []);
  try {
    return await Promise.race([members, tooLate]);
  } catch {
    return [];
  } finally {
    timer.abort();
  }
}
