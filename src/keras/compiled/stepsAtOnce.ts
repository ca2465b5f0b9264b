/** How many steps go into one call where that pays. */
const together = 4;
/** Steps that run one by one before: to compile several at once takes as long as about so many of them gain. */
const patience = 1000;
/** How long a call may take, in milliseconds: training is stopped between two calls. */
const longestCall = 50;

/** How a compiled step has run by itself. */
export interface Pace {
  steps: number;
  /** The least time of one, in milliseconds. */
  least: number;
}

/** How many steps of such a pace are worth a call; 1 for each by itself. */
export function stepsAtOnce({ steps, least }: Pace): number {
  return steps >= patience && least * together <= longestCall ? together : 1;
}
