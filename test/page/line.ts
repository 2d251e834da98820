/** A line to a server that can be cut: connections break where they are, answers under way are lost, nobody gets through. */

import { connect, createServer, type Server, type Socket } from "node:net";

export interface Line {
  readonly origin: string;
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

/** Listens on `port` and passes everything on to `server`, another port of this machine. */
export async function openLine(port: number, server: number): Promise<Line> {
  const sockets = new Set<Socket>();
  let whole = true;
  const listener: Server = createServer((near) => {
    if (!whole) return near.destroy();
    const far = connect(server, "127.0.0.1");
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.pipe(other);
      socket.on("error", () => other.destroy());
      socket.on("close", () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => listener.listen(port, "127.0.0.1", resolve));
  const breakAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    origin: `http://127.0.0.1:${port}`,
    cut() {
      whole = false;
      breakAll();
    },
    mend() {
      whole = true;
    },
    close() {
      breakAll();
      return new Promise((resolve) => listener.close(() => resolve()));
    },
  };
}
