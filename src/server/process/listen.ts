import { createServer, type Server } from 'node:http';
import { type Config, ConfigError } from '#src/env.ts';
import type { Log } from '#src/ports/log.ts';

/** A film of 2 GiB over a slow line at home. Node's own limit for any request would be 5 minutes. */
const MAX_UPLOAD_MS = 6 * 3_600_000;

export type Listening = { readonly server: Server; readonly port: number };

export async function listen({ host, port }: Pick<Config, 'host' | 'port'>): Promise<Listening> {
  const server = createServer({ requestTimeout: MAX_UPLOAD_MS }, (_, response) =>
    response.writeHead(503, { 'retry-after': '1' }).end('Starting.\n'),
  );
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE')
        reject(new ConfigError(`Port ${port} is in use by another program. Stop it, or set PORT to another number.`));
      else
        reject(
          new ConfigError(`Cannot listen on ${host}:${port} (${error.code ?? error.message}). Check HOST and PORT.`),
        );
    });
    server.listen(port, host, () => {
      const address = server.address();
      resolve({ server, port: typeof address === 'object' && address !== null ? address.port : port });
    });
  });
}

/** ComfyUI's own port. Whoever has something else there keeps it: the gallery goes on without. */
export async function listenForComfyui({ host, comfyuiPort }: Config, log: Log): Promise<Listening | null> {
  if (comfyuiPort === null) return null;
  try {
    return await listen({ host, port: comfyuiPort });
  } catch (error) {
    log.warn({ err: error, port: comfyuiPort }, 'ComfyUI has no port: set COMFYUI_ORIGIN, or another PORT');
    return null;
  }
}

/** All connections at once, also those that wait for an answer. */
export async function closeAll({ server }: Listening): Promise<void> {
  server.close();
  server.closeAllConnections();
}
