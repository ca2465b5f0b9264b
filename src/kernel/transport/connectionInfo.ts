import { readFile } from "node:fs/promises";

import { InputError } from "../../errors.ts";

/** The sockets of a kernel. */
export const channels = ["shell", "control", "stdin", "iopub", "heartbeat"] as const;
export type Channel = (typeof channels)[number];

/** What a connection file says: where the sockets are and how messages are signed. */
export interface ConnectionInfo {
  transport: "tcp" | "ipc";
  ip: string;
  /** The port of each channel; with `ipc`, the number at the end of the socket's path. */
  ports: Record<Channel, number>;
  /** The key of the signatures; empty for none. */
  key: string;
}

/** The address of a channel as ZeroMQ writes it. */
export function addressOf({ transport, ip, ports }: ConnectionInfo, channel: Channel): string {
  return transport === "ipc" ? `ipc://${ip}-${ports[channel]}` : `tcp://${ip}:${ports[channel]}`;
}

/** Reads a connection file. Throws InputError when it is missing or not one. */
export async function readConnectionInfo(path: string): Promise<ConnectionInfo> {
  const who = "convoscope kernel";
  const fix = "Jupyter writes this file when it starts a kernel";
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new InputError({
      who,
      expected: "a connection file",
      found: `no readable file at ${path}`,
      fix,
      cause,
    });
  });
  const file = parse(text);
  const expected = (what: string, found: unknown): InputError =>
    new InputError({ who, expected: `${what} in ${path}`, found: JSON.stringify(found) ?? "nothing", fix });
  if (file === undefined) throw new InputError({ who, expected: "a JSON object", found: `${path}`, fix });
  const { transport = "tcp", ip = "127.0.0.1", key = "", signature_scheme: scheme = "hmac-sha256" } = file;
  if (transport !== "tcp" && transport !== "ipc") throw expected('transport "tcp" or "ipc"', transport);
  if (typeof ip !== "string") throw expected("ip, a string", ip);
  if (typeof key !== "string") throw expected("key, a string", key);
  if (scheme !== "hmac-sha256" && key !== "") throw expected('signature_scheme "hmac-sha256"', scheme);
  const port = (channel: string): number => {
    const value = file[`${channel}_port`];
    if (typeof value !== "number" || !Number.isInteger(value) || value < 1 || value > 65_535)
      throw expected(`${channel}_port, a number from 1 to 65535`, value);
    return value;
  };
  const ports: ConnectionInfo["ports"] = {
    shell: port("shell"),
    control: port("control"),
    stdin: port("stdin"),
    iopub: port("iopub"),
    heartbeat: port("hb"),
  };
  return { transport, ip, ports, key };
}

/** The text of a connection file that says `info`; what a client writes for the kernel it starts. */
export function writeConnectionInfo({ transport, ip, ports, key }: ConnectionInfo): string {
  const file = {
    transport,
    ip,
    shell_port: ports.shell,
    control_port: ports.control,
    stdin_port: ports.stdin,
    iopub_port: ports.iopub,
    hb_port: ports.heartbeat,
    signature_scheme: "hmac-sha256",
    key,
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
