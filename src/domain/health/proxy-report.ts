import { type Finding, warn } from './finding.ts';

/** `disbelieved`: who said whom they speak for, and may not. */
export const proxyReport = (disbelieved: string | null): Finding[] =>
  disbelieved === null
    ? []
    : [
        warn(
          'Proxy',
          `Requests from ${disbelieved} say whom they are forwarded for, and are not believed: everybody who comes this way shares the limits of one address.`,
          `If ${disbelieved} is your proxy, add it to TRUSTED_PROXIES and start again. If you do not know it, somebody may be passing for others: leave it out.`,
        ),
      ];
