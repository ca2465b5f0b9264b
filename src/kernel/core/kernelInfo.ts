import { protocolVersion } from "../transport/message.ts";
import type { Kernel } from "./kernel.ts";
import type { JsonObject } from "./transport.ts";

/** Who the kernel is and what it can do. */
export function kernelInfo({ interpreter, implementation }: Kernel): JsonObject {
  return {
    status: "ok",
    protocol_version: protocolVersion,
    implementation: implementation.name,
    implementation_version: implementation.version,
    language_info: interpreter.languageInfo,
    banner: interpreter.banner,
    help_links: interpreter.helpLinks,
    supported_features: ["kernel subshells"],
    debugger: false,
  };
}

/** The ports of the sockets, by the names of the connection file. */
export function connect({ ports }: Kernel): JsonObject {
  const reply: JsonObject = { status: "ok" };
  for (const [channel, port] of Object.entries(ports))
    reply[channel === "heartbeat" ? "hb_port" : `${channel}_port`] = port;
  return reply;
}
