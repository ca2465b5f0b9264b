import { randomBytes } from "node:crypto";
import { channels, type Channel, type ConnectionInfo } from "../kernel/transport/connectionInfo.ts";
import { freePorts } from "./freePorts.ts";

/** What the connection file of a new kernel says: ports of this machine that are free now, and a key of its own. */
export async function freeConnection(): Promise<ConnectionInfo> {
  const free = await freePorts(channels.length);
  const ports = Object.fromEntries(channels.map((channel, index) => [channel, free[index]]));
  return {
    transport: "tcp",
    ip: "127.0.0.1",
    ports: ports as Record<Channel, number>,
    key: randomBytes(32).toString("hex"),
  };
}
