import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { packageRoot } from "../../package.ts";
import type { Finding } from "./finding.ts";

/** Fonts for the writing in pictures, the data that ships, and the larger data that does not. */
export function fileFindings({
  mend,
  env = process.env,
}: {
  mend: string;
  env?: NodeJS.ProcessEnv;
}): Finding[] {
  return [fontFinding(mend), shippedFinding(mend), realDataFinding(env)];
}

function fontFinding(fix: string): Finding {
  try {
    const path = createRequire(import.meta.url).resolve("dejavu-fonts-ttf/ttf/DejaVuSans.ttf");
    return { name: "fonts", ok: true, essential: true, found: path };
  } catch {
    return { name: "fonts", ok: false, essential: true, found: "no DejaVu Sans", fix };
  }
}

function shippedFinding(fix: string): Finding {
  const path = join(packageRoot, "data/shapes");
  return existsSync(path)
    ? { name: "shipped data", ok: true, essential: true, found: path }
    : { name: "shipped data", ok: false, essential: true, found: `none at ${path}`, fix };
}

function realDataFinding({ CONVOSCOPE_DATA: named }: NodeJS.ProcessEnv): Finding {
  const path = named ?? resolve(packageRoot, "../shared/data");
  if (existsSync(path)) return { name: "real data", ok: true, essential: false, found: path };
  const found = named === undefined ? "none; the shipped shapes are used" : `none at ${named}`;
  return { name: "real data", ok: false, essential: false, found, fix: "export CONVOSCOPE_DATA=DIRECTORY" };
}
