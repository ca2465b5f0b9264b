"use strict";
// mocha's spec reporter and, as the very last line, the counts in plain words for whoever reads the log of a machine.
const { reporters, Runner } = require("mocha");

module.exports = class PlainCounts extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const skipped = [];
    runner.on(Runner.constants.EVENT_TEST_PENDING, (test) => skipped.push(test.fullTitle()));
    this.skipped = skipped;
  }

  /** Called by mocha after the last test, before it ends the process. */
  done(failures, finish) {
    const { passes, pending } = this.stats;
    for (const title of this.skipped) process.stdout.write(`skipped: ${title}\n`);
    process.stdout.write(`${passes} passed, ${failures} failed, ${pending} skipped\n`);
    finish(failures);
  }
};
