import { type LookupAddress, lookup } from 'node:dns';
import { BlockList, isIP } from 'node:net';
import { AppError } from '#src/domain/errors.ts';

/** Where a machine in a cloud is told its own secrets, and what else only the next machine on the cable can be. */
const FORBIDDEN = new BlockList();
FORBIDDEN.addSubnet('169.254.0.0', 16, 'ipv4');
FORBIDDEN.addSubnet('fe80::', 10, 'ipv6');
// Alibaba, Azure, Oracle.
for (const address of ['100.100.100.200', '168.63.129.16', '192.0.0.192']) FORBIDDEN.addAddress(address, 'ipv4');
// AWS, Google.
for (const address of ['fd00:ec2::254', 'fd20:ce::254']) FORBIDDEN.addAddress(address, 'ipv6');
// The same IPv4 addresses behind NAT64 and 6to4.
FORBIDDEN.addSubnet('64:ff9b::169.254.0.0', 112, 'ipv6');
FORBIDDEN.addSubnet('2002:a9fe::', 32, 'ipv6');

export const isForbidden = (address: string): boolean =>
  FORBIDDEN.check(address.split('%')[0] ?? '', isIP(address) === 6 ? 'ipv6' : 'ipv4');

const refusal = (address: string): AppError =>
  new AppError(
    'forbidden',
    `${address} is a link-local or metadata address, and nothing is sent there. Give the endpoint its own address.`,
  );

/** For an address that is written with figures, which nobody looks up. */
export function assertAllowed(host: string): void {
  if (isIP(host) !== 0 && isForbidden(host)) throw refusal(host);
}

type Done = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

/** As `dns.lookup`, for sockets: what a name leads to is judged at the moment of connecting, so that no name can be changed in between. */
export function lookupAllowed(
  host: string,
  options: { all?: boolean | undefined; family?: number | string | undefined },
  done: Done,
): void {
  const family =
    options.family === 'IPv6' || options.family === 6 ? 6 : options.family === 'IPv4' || options.family === 4 ? 4 : 0;
  lookup(host, { family, all: true }, (error, found) => {
    if (error) return done(error, []);
    const forbidden = found.find(({ address }) => isForbidden(address));
    if (forbidden) return done(refusal(`${host} (${forbidden.address})`), []);
    if (options.all === true) return done(null, found);
    const [first] = found;
    return first ? done(null, first.address, first.family) : done(new Error(`${host} has no address`), []);
  });
}
