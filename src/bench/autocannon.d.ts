/** The part of autocannon that is used here; the package has no types of its own. */
declare module 'autocannon' {
  import type { EventEmitter } from 'node:events';

  type Client = { setHeaders(headers: Record<string, string>): void };
  type Options = {
    url: string;
    method: 'POST';
    connections: number;
    duration: number;
    sampleInt: number;
    timeout: number;
    body: string;
    setupClient: (client: Client) => void;
  };
  type Summary = { errors: number; timeouts: number; non2xx: number };
  type Run = EventEmitter<{ response: [client: Client, status: number, bytes: number, milliseconds: number] }> &
    PromiseLike<Summary>;

  export default function autocannon(options: Options): Run;
}
