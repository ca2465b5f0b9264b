import { homedir } from "node:os";
import { join } from "node:path";

/** The user's directory of Jupyter data: JUPYTER_DATA_DIR, else where jupyter_core looks on this system. */
export function userDataDirectory({
  env = process.env,
  platform = process.platform,
  home = homedir(),
} = {}): string {
  if (env.JUPYTER_DATA_DIR) return env.JUPYTER_DATA_DIR;
  if (platform === "darwin") return join(home, "Library/Jupyter");
  if (platform === "win32") return join(env.APPDATA ?? join(home, "AppData/Roaming"), "jupyter");
  return join(env.XDG_DATA_HOME ?? join(home, ".local/share"), "jupyter");
}
