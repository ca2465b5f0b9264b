import assert from "node:assert/strict";
import { basename, join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { writeCells } from "../../notebook/support/notebooks.ts";
import type { Lab } from "./jupyterLab.ts";
import { eventually } from "./servers.ts";

/** The part of JupyterLab's own interface that the tests speak to from within the page. */
declare global {
  var jupyterapp: {
    commands: { execute(command: string, args?: object): Promise<unknown> };
    shell: { currentWidget: LabWidget | null; widgets(area: "main"): Iterable<LabWidget> };
    serviceManager: { sessions: { shutdownAll(): Promise<void> } };
  };
  /** What the kernel has printed since {@link printedSince} was called. */
  var printed: string;
}

interface LabWidget {
  close(): void;
  /** Undefined for what is not a document, such as the launcher; the next as well. */
  context?: { model: { dirty: boolean }; save(): Promise<void> };
  sessionContext?: { isReady: boolean; session: { kernel: KernelConnection | null } | null };
}

interface KernelConnection {
  id: string;
  info: Promise<object>;
  status: string;
  connectionStatus: string;
  iopubMessage: {
    connect(slot: (sender: unknown, message: IopubMessage) => void): void;
  };
  requestComplete(content: { code: string; cursor_pos: number }): Promise<{ content: CompleteReply }>;
}

interface IopubMessage {
  header: { msg_type: string };
  content: { text: string };
}

interface CompleteReply {
  matches?: string[];
}

/** A notebook as its reader sees it. */
export interface LabNotebook {
  readonly page: Page;
  /** The code cell of this number, from 0. */
  cell(index: number): Locator;
  /** Runs a cell as the reader does, with Ctrl+Enter; does not wait for it. */
  run(index: number): Promise<void>;
  /** Waits until a cell has run to its end, then returns the text of its outputs. */
  ran(index: number): Promise<string>;
  /** Waits until a cell shows this text among its outputs. */
  shows(index: number, text: string | RegExp): Promise<void>;
  /** What stands beside a cell: `[ ]:`, `[*]:` or `[1]:`. */
  prompt(index: number): Promise<string>;
  /** Presses a button of the notebook's toolbar. */
  press(button: "run" | "interrupt" | "restart"): Promise<void>;
  /** Chooses a command in the menus, by the words that stand there. */
  choose(menu: string, command: string): Promise<void>;
  /** Keeps a picture of the page under this name. */
  picture(name: string): Promise<void>;
}

const metadata = {
  kernelspec: { name: "convoscope", display_name: "TypeScript (Convoscope)", language: "typescript" },
};

let count = 0;

/** Opens a notebook of these code cells with a kernel of its own, and waits until that kernel is connected. */
export async function openNotebook(lab: Lab, cells: readonly string[]): Promise<LabNotebook> {
  const path = writeCells(lab.directory, `notebook-${++count}.ipynb`, cells, metadata);
  const page = await lab.page();
  await closeAll(page);
  await page.evaluate(
    (name) => jupyterapp.commands.execute("docmanager:open", { path: name }),
    basename(path),
  );
  await kernelIsConnected(page);
  return notebookOn(page, lab);
}

/** The notebook that the page shows. */
export function notebookOn(page: Page, lab: Lab): LabNotebook {
  const panel = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)");
  const cell = (index: number): Locator => panel.locator(".jp-CodeCell").nth(index);
  const prompt = async (index: number): Promise<string> =>
    (await cell(index).locator(".jp-InputPrompt").textContent()) ?? "";
  const outputs = (index: number): Locator => cell(index).locator(".jp-OutputArea-output");
  return {
    page,
    cell,
    prompt,
    async run(index) {
      await cell(index).locator(".cm-content").click();
      await page.keyboard.press("Control+Enter");
    },
    async ran(index) {
      await cell(index)
        .locator(".jp-InputPrompt")
        .filter({ hasText: /\[\d+\]/ })
        .waitFor();
      return (await outputs(index).allInnerTexts()).map((text) => text.trim()).join("\n");
    },
    async shows(index, text) {
      await outputs(index).filter({ hasText: text }).first().waitFor();
    },
    async press(button) {
      await panel.locator(`.jp-Toolbar-item[data-jp-item-name="${button}"] jp-button`).click();
    },
    async choose(menu, command) {
      await page.locator(`.lm-MenuBar-itemLabel:text-is("${menu}")`).click();
      await page.locator(`.lm-Menu-itemLabel:text-is("${command}")`).click();
    },
    async picture(name) {
      await page.screenshot({ path: join(lab.screenshots, `${name}.png`) });
    },
  };
}

/** Ends all kernels and closes all notebooks, without being asked whether changes shall be kept. */
export async function closeAll(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await jupyterapp.serviceManager.sessions.shutdownAll();
    for (const widget of [...jupyterapp.shell.widgets("main")]) {
      if (widget.context !== undefined) widget.context.model.dirty = false;
      widget.close();
    }
  });
}

/**
 * Waits until the kernel of the shown notebook is ready: JupyterLab drops what is run before that.
 *
 * @param id the kernel that it must be; default: any
 */
export async function kernelIsConnected(page: Page, id?: string): Promise<void> {
  await eventually(() =>
    page.evaluate(async (wanted) => {
      // Neither is there while a page is loaded.
      const app = (globalThis as Partial<typeof globalThis>).jupyterapp;
      const context = app?.shell.currentWidget?.sessionContext;
      const kernel = context?.session?.kernel;
      if (context?.isReady !== true || kernel?.connectionStatus !== "connected") return false;
      if (wanted !== undefined && kernel.id !== wanted) return false;
      await kernel.info;
      return ["idle", "busy"].includes(kernel.status);
    }, id),
  );
}

/** The id of the kernel that the shown notebook talks to. */
export async function kernelId(page: Page): Promise<string> {
  const id = await page.evaluate(() => jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.id);
  assert.ok(id !== undefined, "the notebook has a kernel");
  return id;
}

/** What the kernel prints from now on, whichever cell JupyterLab shows it under. */
export async function printedSince(page: Page): Promise<() => Promise<string>> {
  await page.evaluate(() => {
    globalThis.printed = "";
    const kernel = jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel;
    kernel?.iopubMessage.connect((_sender, { header, content }) => {
      if (header.msg_type === "stream") globalThis.printed += content.text;
    });
  });
  return () => page.evaluate(() => globalThis.printed);
}

/** Shows everything in this theme. */
export async function changeTheme(page: Page, theme: "JupyterLab Light" | "JupyterLab Dark"): Promise<void> {
  await page.evaluate((name) => jupyterapp.commands.execute("apputils:change-theme", { theme: name }), theme);
  await page.locator(`body[data-jp-theme-name="${theme}"]`).waitFor({ state: "attached" });
  await page.locator("#jupyterlab-splash").waitFor({ state: "detached" });
}
