import type { IncomingMessage } from 'node:http';
import { BlockList, isIP, isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';

/** One way of writing for each address: IPv4 is never inside IPv6. Null = it is none. */
const plain = (text: string): string | null =>
  isIP(text) === 0 || text.includes('%') ? null : ipaddr.process(text).toString();

/** Addresses, and ranges such as `10.0.0.0/8`. */
function listOf(ranges: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', prefix] = range.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return (address) => {
    const known = plain(address);
    return known !== null && list.check(known, isIPv6(known) ? 'ipv6' : 'ipv4');
  };
}

const peerOf = ({ socket }: IncomingMessage): string => socket.remoteAddress ?? 'unknown';

/** Whom the proxies say they speak for, the nearest first. */
const forwardedFor = ({ headers }: IncomingMessage): string[] =>
  (headers['x-forwarded-for']?.toString().split(',') ?? []).map((entry) => entry.trim()).reverse();

const isLoopback = listOf(['127.0.0.0/8', '::1']);

/** A program on this machine, and nobody who comes through a proxy. */
export const isHere = (request: IncomingMessage): boolean =>
  [peerOf(request), ...forwardedFor(request)].every(isLoopback);

/** Proxies that may tell whom they speak for; anybody else may not. */
export function createProxies(trusted: readonly string[]) {
  const isTrusted = listOf(trusted);
  let disbelieved: string | null = null;

  return {
    /**
     * Whom a request comes from. Each proxy adds at the right whom it speaks for, so it is the first from there that is none of ours: what stands before, they
     * can write themselves. Where a proxy says what is no address, it is the proxy.
     */
    addressOf(request: IncomingMessage): string {
      const peer = peerOf(request);
      let address = plain(peer) ?? peer;
      const forwarded = forwardedFor(request);
      if (forwarded.length > 0 && !isTrusted(address)) disbelieved = address;
      for (const entry of forwarded) {
        const named = isTrusted(address) ? plain(entry) : null;
        if (named === null) break;
        address = named;
      }
      return address;
    },

    speakHttps: (request: IncomingMessage): boolean =>
      isTrusted(peerOf(request)) &&
      request.headers['x-forwarded-proto']?.toString().split(',').at(-1)?.trim() === 'https',

    /** The last one that said whom it speaks for and is not trusted; null = there was none. */
    disbelieved: () => disbelieved,
  };
}
export type Proxies = ReturnType<typeof createProxies>;
