import { isIP, isIPv6 } from 'node:net';
import { z } from 'zod';

const MAPPED = /^::ffff:/i;

/** What is wrong with one of them; null = nothing. */
function faultOf(range: string): string | null {
  const [address = '', prefix, ...more] = range.split('/');
  if (isIP(address) === 0 || address.includes('%') || more.length > 0)
    return `names "${range}": write an address such as 10.0.0.5, or a range such as 10.0.0.0/8 or fd00::/8`;
  if (MAPPED.test(address)) return `names "${range}": write it as IPv4, without ::ffff:`;
  if (prefix === undefined) return null;
  const most = isIPv6(address) ? 128 : 32;
  if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > most)
    return `names "${range}": what follows the slash should be a whole number from 1 to ${most}`;
  if (Number(prefix) === 0) return `names "${range}", everybody: anybody could then pass for any address`;
  return null;
}

/** Addresses and ranges, with commas between them. */
export const proxyList = z
  .string()
  .transform((list) => list.split(',').map((range) => range.trim()))
  .transform((list) => list.filter((range) => range !== ''))
  .superRefine((list, context) => {
    for (const range of list) {
      const message = faultOf(range);
      if (message !== null) context.addIssue({ code: 'custom', message });
    }
  });
