import { assertValid } from "../../kernel/schemas/assertValid.ts";
import type { Message } from "./bridge.ts";

interface MessageChecker {
  /** Looks at a message. */
  look: (message: Message) => void;
  /** Throws when any of those seen since the last check was not as the protocol says. */
  check: () => void;
}

/** Looks at all that a kernel sends. */
export function messageChecker(): MessageChecker {
  let wrong: Error[] = [];
  return {
    look(message) {
      try {
        assertValid(asArrived(message));
      } catch (error) {
        wrong.push(error as Error);
      }
    },
    check() {
      const [first] = wrong;
      wrong = [];
      if (first) throw first;
    },
  };
}

/** The message as the schemas have it: a client reads dates and leaves buffers in base64. */
function asArrived({
  header,
  parent,
  metadata,
  content,
  buffers,
}: Message): Parameters<typeof assertValid>[0] {
  return {
    header,
    parentHeader: parent,
    metadata,
    content,
    buffers: buffers.map((each) => Buffer.from(each, "base64")),
  };
}
