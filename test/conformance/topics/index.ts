import type { Topic } from "../support/case.ts";
import { comms } from "./comms.ts";
import { completion } from "./completion.ts";
import { displays } from "./display.ts";
import { execution } from "./execution.ts";
import { histories } from "./history.ts";
import { interrupt } from "./interrupt.ts";
import { magics } from "./magics.ts";
import { messages } from "./messages.ts";
import { output } from "./output.ts";
import { robustness } from "./robustness.ts";
import { stdin } from "./stdin.ts";
import { subshells } from "./subshells.ts";
import { typescript } from "./typescript.ts";

export const topics: Topic[] = [
  messages,
  execution,
  output,
  displays,
  typescript,
  completion,
  interrupt,
  stdin,
  comms,
  subshells,
  histories,
  magics,
  robustness,
];
