import { needProgram, needPython } from "../support/needs.ts";
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
    needProgram.call(this);
    bridge = new Bridge(needPython.call(this));
  });
  after(() => bridge?.close());

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
