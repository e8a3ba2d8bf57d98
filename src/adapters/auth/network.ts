import ipaddr from 'ipaddr.js';
import { AppError } from '#src/domain/errors.ts';

/** What one person can have of the internet: an address, or with IPv6 a whole /64. */
export function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  return parsed instanceof ipaddr.IPv6
    ? parsed.parts
        .slice(0, 4)
        .map((part) => part.toString(16))
        .join(':')
    : parsed.toString();
}

export function tooMany(ms: number, what = 'Too many attempts.'): AppError {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  const wait =
    seconds > 90 ? `${Math.ceil(seconds / 60)} minutes` : `${seconds} ${seconds === 1 ? 'second' : 'seconds'}`;
  return new AppError('too_many_attempts', `${what} Try again in ${wait}.`, { retryAfterSeconds: seconds });
}
