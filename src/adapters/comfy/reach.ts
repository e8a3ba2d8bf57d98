import { connect, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { assertAllowed, lookupAllowed } from './metadata-addresses.ts';

/** Host and port that requests to `url` go to. */
export function addressOf(url: string): { host: string; port: number; isTls: boolean } {
  const { protocol, hostname, port } = new URL(url);
  const isTls = protocol === 'https:';
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || (isTls ? 443 : 80), isTls };
}

/** Connects to an endpoint, over TLS where its address says so, and sends nothing: a request could start a GPU. Fails with the system's error. */
export function reach(url: string, signal: AbortSignal): Promise<void> {
  const { host, port, isTls } = addressOf(url);
  if (signal.aborted) return Promise.reject(new Error('given up'));
  return new Promise((resolve, reject) => {
    assertAllowed(host);
    const socket = isTls
      ? connectTls({ host, port, lookup: lookupAllowed, ...(isIP(host) === 0 && { servername: host }) })
      : connect({ host, port, lookup: lookupAllowed });
    const giveUp = () => socket.destroy(new Error('given up'));
    signal.addEventListener('abort', giveUp, { once: true });
    socket.once('error', reject);
    socket.once('close', () => signal.removeEventListener('abort', giveUp));
    socket.once(isTls ? 'secureConnect' : 'connect', () => {
      resolve();
      socket.destroy();
    });
  });
}
