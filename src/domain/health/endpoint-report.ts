import { type CheckOutcome, type Finding, fault, fine, seconds } from './finding.ts';

export type EndpointFacts = {
  readonly name: string;
  /** `host:port` */
  readonly address: string;
  readonly reached: CheckOutcome<void>;
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
    return 'The address is link-local or a metadata address; comfyume sends nothing there. Give the endpoint its own address.';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'Check the address and this machine’s DNS.';
  if (code === 'ECONNREFUSED')
    return 'Check the address and port: the machine is reachable, but nothing listens on that port.';
  if (/CERT|TLS|SSL|ISSUER|SIGNATURE|EPROTO/.test(code))
    return 'Check the endpoint’s certificate, this machine’s clock, and whether the address should start with http.';
  return 'Check the network and the firewall in between.';
}

/** What is to be said of an endpoint to which a connection was tried. No request is sent for it. */
export function endpointReport({ name, address, reached, waitedMs, key }: EndpointFacts): Finding[] {
  const what = `Endpoint ${name}`;
  const connection = (): Finding => {
    switch (reached.type) {
      case 'got':
        return fine(what, `${address} accepts connections. No request was sent, so no GPU was started.`);
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
      fault(what, key.refused, 'Until then no jobs are sent there. Its jobs go to other endpoints, or wait.'),
    ];
  if (key.isSet) return [connection(), fine(what, `Its key is set (${key.variable}).`)];
  return [
    connection(),
    fault(what, `Its key is missing: ${key.variable} is not set.`, `Set ${key.variable} to the key, then restart.`),
  ];
}
