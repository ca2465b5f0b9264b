import { readFile, rename, rm, stat } from "node:fs/promises";
import { closeSync, openSync, readSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { randomUUID } from "node:crypto";
