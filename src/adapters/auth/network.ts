import { isIPv6 } from 'node:net';
import { AppError } from '#src/domain/errors.ts';

/** What one person can have of the internet: an address, or with IPv6 a whole /64. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [front = '', back] = address.split('%')[0]?.toLowerCase().split('::') ?? [];
  const groups = front === '' ? [] : front.split(':');
  const missing = back === undefined ? 0 : 8 - groups.length - (back === '' ? 0 : back.split(':').length);
  const whole = [...groups, ...Array<string>(Math.max(0, missing)).fill('0'), ...(back ? back.split(':') : [])];
  return whole
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}

export function tooMany(ms: number, what = 'Too many attempts.'): AppError {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  const wait =
    seconds > 90 ? `${Math.ceil(seconds / 60)} minutes` : `${seconds} ${seconds === 1 ? 'second' : 'seconds'}`;
  return new AppError('too_many_attempts', `${what} Try again in ${wait}.`, { retryAfterSeconds: seconds });
}
