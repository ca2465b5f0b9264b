import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";

/**
 * Ports of 127.0.0.1 that nobody listens on now. All are held until the last is known, so that no two are the same; another
 * program may still take one before it is used, so whoever uses them has to be ready to try again.
 */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
  return ports;
}
