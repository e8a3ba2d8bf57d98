import { type Finding, fault, fine, type Outcome, seconds } from './finding.ts';

export type EndpointFacts = {
  readonly name: string;
  /** `host:port` */
  readonly address: string;
  readonly reached: Outcome<void>;
  readonly waitedMs: number;
  /** The variable that holds its key; null = it needs none. */
  readonly key: {
    readonly variable: string;
    readonly isSet: boolean;
    /** Why it may not be used; null = it may. */
    readonly refused: string | null;
  } | null;
};

/** Why a connection did not come about, and what helps. */
function advice(code: string): string {
  if (code === 'forbidden')
    return 'It leads to a link-local or metadata address, where nothing is sent: give the endpoint its own address.';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return 'Look at the address, and at the name server of this machine.';
  if (code === 'ECONNREFUSED') return 'Look at the address and its port: that machine is there, and nobody listens.';
  if (/CERT|TLS|SSL|ISSUER|SIGNATURE|EPROTO/.test(code))
    return 'Look at the certificate of the endpoint, at the clock here, and whether the address should begin with http instead.';
  return 'Look at the network and the firewall between.';
}

/** What is to be said of an endpoint to which a connection was tried. No request is sent for it. */
export function endpointReport({ name, address, reached, waitedMs, key }: EndpointFacts): Finding[] {
  const what = `Endpoint ${name}`;
  const connection = (): Finding => {
    switch (reached.type) {
      case 'got':
        return fine(what, `${address} takes connections. No request was sent, so no GPU was woken.`);
      case 'failed':
        return fault(what, `No connection to ${address} (${reached.code}).`, advice(reached.code));
      case 'silent':
        return fault(what, `No connection to ${address} within ${seconds(waitedMs)}.`, advice('ETIMEDOUT'));
    }
  };
  if (key === null) return [connection()];
  if (key.refused !== null)
    return [
      connection(),
      fault(
        what,
        key.refused,
        'Until then no job is sent there. What jobs wait for it go to other endpoints, or wait.',
      ),
    ];
  if (key.isSet) return [connection(), fine(what, `Its key is set (${key.variable}).`)];
  return [
    connection(),
    fault(what, `Its key is missing: ${key.variable} is not set.`, `Set ${key.variable} to the key, then start again.`),
  ];
}
