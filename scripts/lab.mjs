// `npm run lab [-- JupyterLab's arguments]`: sets up, then opens JupyterLab on the notebooks.
import { convoscope } from "./main.mjs";
import { setupOrExit } from "./setup.mjs";

if (!(await setupOrExit())) {
  process.stderr.write(
    "lab: expected JupyterLab in .venv, found none; install Python 3.10-3.13 and run npm run lab again\n",
  );
  process.exit(1);
}
process.exit(await convoscope("lab", ...process.argv.slice(2)));
