/** Ports for the servers that tests start. */

import { createServer, type Server } from "node:net";

/** Listens on a port that nobody else has; 0 asks the system for one. */
export async function occupyPort(port = 0): Promise<{ port: number; release: () => Promise<void> }> {
  const server: Server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("the server has no port");
  return { port: address.port, release: () => new Promise((resolve) => server.close(() => resolve())) };
}

export async function freePort(): Promise<number> {
  const { port, release } = await occupyPort();
  await release();
  return port;
}
