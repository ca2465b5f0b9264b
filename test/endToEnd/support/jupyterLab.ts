import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { appendFileSync, closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { freePorts } from "../../../src/notebook/freePorts.ts";
import { launchBrowser } from "../../support/browser.ts";
import { needChromium, needPython } from "../../support/needs.ts";
import { chromium, program, python } from "../../support/paths.ts";
import { runToEnd } from "../../support/processes.ts";
import { answers, stop } from "./servers.ts";

const token = "convoscope-test";

/** The size of the tab. */
export const viewport = { width: 1300, height: 1000 };

/** What the server says of a kernel. */
export interface KernelState {
  id: string;
  execution_state: string;
  connections: number;
}

/** A JupyterLab with this checkout's kernel, and a browser that may open its pages. */
export interface Lab {
  /** The directory of its notebooks. */
  readonly directory: string;
  /** Where pictures of what was seen, and the logs of server and page, are kept for people to look at. */
  readonly screenshots: string;
  /** The one tab of the browser, with JupyterLab open in it. */
  page(): Promise<Page>;
  /** The address of a page or of a resource of the server. */
  url(path: string): string;
  /** The kernels that run. */
  kernels(): Promise<KernelState[]>;
}

let opened: Promise<OpenLab> | undefined;
let failures = 0;

interface OpenLab extends Lab {
  close(): Promise<void>;
}

/** The JupyterLab of all tests in this process: started for the first of them, closed after the last. */
export function sharedLab(): Promise<Lab> {
  return (opened ??= openLab());
}

/** For `before`: skips where there is no browser or no JupyterLab. */
export function needLab(this: Mocha.Context): void {
  needChromium.call(this);
  needPython.call(this);
}

afterEach(async function () {
  if (opened === undefined || this.currentTest?.isFailed() !== true) return;
  const lab = await opened;
  await (await lab.page()).screenshot({ path: join(lab.screenshots, `failed-${++failures}.png`) });
});

after(async function () {
  this.timeout(60_000);
  await (await opened?.catch(() => undefined))?.close();
});

/** Settings that keep JupyterLab from asking the internet for news, and from asking the user about it. */
const settings = {
  "apputils-extension/notification": { fetchNews: "false", checkForUpdates: false },
};

async function openLab(): Promise<OpenLab> {
  assert.ok(chromium !== undefined && python !== undefined);
  const place = mkdtempSync(join(tmpdir(), "convoscope-lab-"));
  const screenshots = mkdtempSync(join(tmpdir(), "convoscope-screenshots-"));
  const directory = join(place, "notebooks");
  mkdirSync(directory);
  writeSettings(join(place, "config/lab/user-settings/@jupyterlab"));
  // A kernelspec of its own, found first: an environment may hold one of another checkout.
  const installed = await runToEnd(process.execPath, [program, "install", "--prefix", place]);
  assert.equal(installed.code, 0, installed.stderr);
  const [port = 0] = await freePorts(1);
  const server = startServer(python, { place, directory, port, log: join(screenshots, "server.log") });
  let browser: Browser | undefined;
  try {
    const url = (path: string): string =>
      `http://127.0.0.1:${port}/${path}${path.includes("?") ? "&" : "?"}token=${token}`;
    await answers(url("api"), server);
    browser = await launchBrowser(chromium);
    const context = await browser.newContext({ viewport });
    context.setDefaultTimeout(20_000);
    let page: Promise<Page> | undefined;
    process.stdout.write(`      screenshots: ${screenshots}\n`);
    return {
      ...{ directory, screenshots, url },
      page: () => (page ??= openPage(context, url("lab"), join(screenshots, "page.log"))),
      kernels: async () => (await (await fetch(url("api/kernels"))).json()) as KernelState[],
      close: () => close({ browser, server, place }),
    };
  } catch (error) {
    await close({ browser, server, place });
    throw error;
  }
}

async function openPage(context: BrowserContext, address: string, log: string): Promise<Page> {
  const page = await context.newPage();
  page.on("console", (message) => appendFileSync(log, `${message.type()}: ${message.text()}\n`));
  // A page with changes asks whether it may be left.
  page.on("dialog", (dialog) => void dialog.accept());
  await page.goto(address);
  await page.locator(".jp-Launcher").waitFor();
  return page;
}

function writeSettings(directory: string): void {
  for (const [name, values] of Object.entries(settings)) {
    const file = join(directory, `${name}.jupyterlab-settings`);
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, JSON.stringify(values));
  }
}

interface Place {
  place: string;
  directory: string;
  port: number;
  log: string;
}

function startServer(executable: string, { place, directory, port, log }: Place): ChildProcess {
  const flags = [
    ...["--no-browser", "--ip=127.0.0.1", `--port=${port}`, "--ServerApp.port_retries=0", "--allow-root"],
    ...[`--IdentityProvider.token=${token}`, `--ServerApp.root_dir=${directory}`],
    "--LabApp.expose_app_in_browser=True",
  ];
  const output = openSync(log, "w");
  const server = spawn(executable, ["-m", "jupyterlab", ...flags], {
    stdio: ["ignore", output, output],
    env: {
      ...process.env,
      JUPYTER_CONFIG_DIR: join(place, "config"),
      JUPYTER_DATA_DIR: join(place, "data"),
      JUPYTER_RUNTIME_DIR: join(place, "runtime"),
      JUPYTER_PATH: join(place, "share/jupyter"),
      CONVOSCOPE_HISTORY: "off",
    },
  });
  closeSync(output);
  return server;
}

interface Opened {
  browser: Browser | undefined;
  server: ChildProcess;
  place: string;
}

async function close({ browser, server, place }: Opened): Promise<void> {
  await browser?.close();
  await stop(server);
  rmSync(place, { recursive: true, force: true });
}
