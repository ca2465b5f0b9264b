/** What run.ts uses of jasmine, which brings no types. */
declare module "jasmine" {
  interface SpecResult {
    status: "passed" | "failed" | "pending" | "excluded";
    fullName: string;
    failedExpectations: { message: string }[];
  }
  export default class Jasmine {
    exitOnCompletion: boolean;
    clearReporters(): void;
    addReporter(reporter: { specDone: (result: SpecResult) => void }): void;
    loadConfig(config: {
      spec_files: string[];
      env: { random: boolean; forbidDuplicateNames: boolean };
    }): Promise<void>;
    execute(): Promise<unknown>;
  }
}
