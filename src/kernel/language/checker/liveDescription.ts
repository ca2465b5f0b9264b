import type { MimeBundle } from "../../../jupyter/mimeBundle.ts";
import type { LiveDescription } from "../describeLive.ts";
import { inTime } from "./inTime.ts";
import type { TypedInspection } from "./inspect.ts";

/** What the value of a dotted expression, `a.b.c`, is now. */
export type DescribeLive = (expression: string) => Promise<LiveDescription | undefined>;

/** Adds what the value itself is where its type says nothing. */
export async function addLiveDescription(
  { bundle, untyped }: TypedInspection,
  describe: DescribeLive | undefined,
): Promise<MimeBundle | undefined> {
  if (untyped === undefined || describe === undefined) return bundle;
  const live = await inTime(describe(untyped), undefined);
  if (live === undefined) return bundle;
  const { "text/markdown": markdown, "text/plain": plain } = (bundle?.data ?? {}) as Record<string, string>;
  const typed = `${untyped}: ${live.type}`;
  const head = { markdown: markdown ?? `\`\`\`ts\n${typed}\n\`\`\``, plain: plain ?? typed };
  const value = bundle === undefined ? live.text : [live.type, live.text].filter(Boolean).join("\n");
  if (value === "")
    return { data: { "text/markdown": head.markdown, "text/plain": head.plain }, metadata: {} };
  return {
    data: {
      "text/markdown": `${head.markdown}\n\n**Value**\n\n\`\`\`\n${value}\n\`\`\``,
      "text/plain": `${head.plain}\n\nValue:\n\n${value}`,
    },
    metadata: {},
  };
}
