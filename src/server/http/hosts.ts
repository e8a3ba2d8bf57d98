import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { hostname } from 'node:os';

const LOOPBACK = /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

const nameOf = (host: string): string | null => URL.parse(`http://${host}`)?.hostname ?? null;

/**
 * Which names this server is asked by. Whoever owns another name can have it lead here, and a browser on this network would take their page for ours.
 * Without PUBLIC_URL people come by this machine's addresses and its own name.
 */
export function createHosts(
  config: {
    publicUrl: string | null;
    allowedOrigins: readonly string[];
    comfyuiOrigin: string | null;
    host: string;
  },
  machine: string = hostname(),
) {
  const addresses = [...config.allowedOrigins, config.publicUrl, config.comfyuiOrigin];
  const named = new Set(addresses.flatMap((address) => (address === null ? [] : new URL(address).hostname)));
  if (config.publicUrl === null)
    for (const own of [config.host, machine, `${machine}.local`]) named.add(nameOf(own) ?? '');
  return {
    isKnown({ headers }: IncomingMessage): boolean {
      const name = nameOf(headers.host ?? '');
      if (name === null || name === '') return false;
      if (LOOPBACK.test(name) || named.has(name)) return true;
      return config.publicUrl === null && isIP(name.replace(/^\[|\]$/g, '')) !== 0;
    },
  };
}
export type Hosts = ReturnType<typeof createHosts>;
