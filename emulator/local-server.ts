import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StartError, systemCode } from './start-error.ts';

export interface LocalServer {
  readonly port: number;
  /** Lets running requests finish for a second, then cuts them off. */
  stop(): Promise<void>;
}

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

const grace = 1_000;
/** Longer than clients keep idle connections: who reuses one just as the server closes it gets a reset for an answer. */
const keepAlive = 75_000;

/**
 * An HTTP server on 127.0.0.1, and so out of other computers' reach.
 * @param port - 0 for a free one
 * @throws StartError when the port is taken or not allowed
 */
export async function listen(
  port: number,
  listener: Listener,
  adjust?: (server: Server) => void,
): Promise<LocalServer> {
  const server = createServer(listener);
  server.keepAliveTimeout = keepAlive;
  adjust?.(server);
  await bind(server, port);
  return { port: (server.address() as AddressInfo).port, stop: () => close(server) };
}

async function bind(server: Server, port: number): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
  } catch (error) {
    const code = systemCode(error);
    if (code === 'EADDRINUSE') {
      throw new StartError(`Port ${port} is in use: stop what listens there, or choose another one with --port.`);
    }
    if (code === 'EACCES') throw new StartError(`Port ${port} needs more rights: choose one above 1023 with --port.`);
    throw error;
  }
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), grace);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });
}
