import type { Completion, CompletionMatch } from "../../core/interpreter.ts";
import type { LiveMember } from "../liveMembers.ts";
import type { TypedCompletion } from "./complete.ts";
import { inTime } from "./inTime.ts";

/** The members of the value of a dotted expression, `a.b.c`, as it is now. */
export type LiveMembers = (expression: string) => Promise<LiveMember[]>;

/** Adds what the value itself has where its type says nothing. */
export async function addLiveMembers(
  { receiver, ...completion }: TypedCompletion,
  code: string,
  live: LiveMembers | undefined,
): Promise<Completion> {
  if (receiver === undefined || live === undefined) return completion;
  const typed = code.slice(completion.start, completion.end);
  const members = await inTime(live(receiver), []);
  const matches: CompletionMatch[] = members
    .filter(({ name }) => name.startsWith(typed))
    .map(({ name, type, signature }) => ({ text: name, type, signature }));
  return { ...completion, matches: [...completion.matches, ...matches] };
}
