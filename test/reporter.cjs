"use strict";
// mocha's spec reporter and, at the end, what was skipped and why, then the counts in plain words for whoever reads the log of a machine.
const { reporters, Runner } = require("mocha");

/** Why a test was skipped: `test/support/needs.ts` leaves the reason at it, or at the suite that was skipped as a whole. */
function reasonOf(test) {
  for (let part = test; part !== undefined; part = part.parent) {
    if (part.skipReason !== undefined) return part.skipReason;
  }
  return "no reason was given";
}

module.exports = class PlainCounts extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const skipped = [];
    runner.on(Runner.constants.EVENT_TEST_PENDING, (test) => skipped.push(test));
    this.skipped = skipped;
  }

  /** Called by mocha after the last test, before it ends the process. */
  done(failures, finish) {
    const { passes, pending } = this.stats;
    for (const test of this.skipped) {
      process.stdout.write(`skipped: ${test.fullTitle()} (${reasonOf(test)})\n`);
    }
    process.stdout.write(`${passes} passed, ${failures} failed, ${pending} skipped\n`);
    finish(failures);
  }
};
