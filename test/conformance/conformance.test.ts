import { existsSync } from "node:fs";
import { program, python } from "../support/paths.ts";
import { Bridge } from "./support/bridge.ts";
import { findKernel } from "./support/kernels.ts";
import { SharedKernel } from "./support/sharedKernel.ts";
import { messageChecker } from "./support/messageChecker.ts";
import { topics } from "./topics/index.ts";

// The behaviours of docs/conformance.md, of our kernel, through jupyter_client. Each message is checked as well.
describe("conformance", function () {
  this.timeout(120_000);
  let bridge: Bridge;

  before(function () {
    if (python === undefined || !existsSync(program)) {
      process.stdout.write("    skipped: .venv or dist is missing; run npm run setup\n");
      this.skip();
    }
    bridge = new Bridge(python);
  });
  after(() => bridge.close());

  for (const { name, cases } of topics) {
    describe(name, () => {
      const checker = messageChecker();
      let shared: SharedKernel;

      before(
        () => (shared = new SharedKernel(bridge, findKernel("convoscope")!, { onMessage: checker.look })),
      );
      after(() => shared.close());

      for (const each of cases) {
        if (each.appliesTo?.includes("convoscope") === false) continue;
        it(each.name, async () => {
          await shared.run(each);
          checker.check();
        });
      }
    });
  }
});
