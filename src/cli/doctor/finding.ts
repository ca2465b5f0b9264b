/** What the doctor says about one thing. */
export interface Finding {
  /** The thing, in a word or two. */
  name: string;
  ok: boolean;
  /** Whether nothing works without it; what is not essential makes some things impossible or slow. */
  essential: boolean;
  /** What was found: a version, a path, or what is wrong. */
  found: string;
  /** The one command that mends it. */
  fix?: string;
}
