/**
 * HTML of a notebook's author (in Markdown, in `text/html` outputs) without its scripts: elements that run or load something
 * and event handlers are cut out. This keeps the page tidy; that nothing runs or loads in any case is seen to by the page's
 * content security policy, which holds for whatever a list like this one forgets.
 */
export function withoutScripts(html: string): string {
  return html
    .replace(/<(script|iframe|object|applet|noscript)\b[^>]*>[\s\S]*?(<\/\1\s*>|$)/gi, "")
    .replace(/<\/?(script|iframe|object|applet|embed|frame|frameset|base|link|meta)\b[^>]*>/gi, "")
    .replace(/<[a-z][^>]*>/gi, (tag) =>
      tag
        .replace(/\s+on[a-z]+\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/gi, "")
        .replace(/(\s(?:href|src|action|xlink:href)\s*=\s*["']?)\s*javascript:[^"'\s>]*/gi, "$1#"),
    );
}
