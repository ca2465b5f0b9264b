import { chromium as browserType, type Browser } from "playwright-core";

/** Starts Debian's Chromium without a window, with a profile of its own and no traffic but the test's. */
export function launchBrowser(executablePath: string): Promise<Browser> {
  return browserType.launch({
    executablePath,
    args: [
      ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
      ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
    ],
  });
}
