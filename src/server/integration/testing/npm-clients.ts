import { CallWrapper, ComfyApi, PromptBuilder } from '@saintno/comfyui-sdk';
import { Client } from '@stable-canvas/comfyui-client';
import { WebSocket } from 'ws';
import { z } from 'zod';

/** What `ws` has is what a browser has, but its types are others. */
const likeBrowser = z.custom<typeof globalThis.WebSocket>((socket) => typeof socket === 'function');

/** `@stable-canvas/comfyui-client` with a fetch and a WebSocket that send the token. */
export async function stableCanvas(comfyuiUrl: string, token: string, clientId: string): Promise<Client> {
  const authorization = `Bearer ${token}`;
  class OwnSocket extends WebSocket {
    constructor(address: string | URL) {
      super(address, { headers: { authorization } });
    }
  }
  const client = new Client({
    api_host: new URL(comfyuiUrl).host,
    clientId,
    user: '',
    WebSocket: likeBrowser.parse(OwnSocket),
    fetch: (input: string | URL | Request, init?: RequestInit) => {
      const headers = new Headers(init?.headers);
      headers.set('authorization', authorization);
      return fetch(input, { ...init, headers });
    },
  });
  await client.connect();
  return client;
}

/** It asks for the operating system at the start, and for nothing that depends on it. */
class Saintno extends ComfyApi {
  override getSystemStats(): Promise<never> {
    return new Promise(() => undefined);
  }
}
/** One that is closed while it opens has an error that the client does not listen to. */
class PatientSocket extends WebSocket {
  constructor(...args: ConstructorParameters<typeof WebSocket>) {
    super(...args);
    this.on('error', () => undefined);
  }
}
type Options = NonNullable<ConstructorParameters<typeof ComfyApi>[2]>;

/** `@saintno/comfyui-sdk`, connected. */
export async function saintno(address: string, options: Pick<Options, 'credentials'> = {}): Promise<ComfyApi> {
  const client = new Saintno(address, undefined, { ...options, customWebSocketImpl: likeBrowser.parse(PatientSocket) });
  const connected = new Promise((resolve) => client.on('connected', resolve));
  client.init(1);
  await connected;
  return client;
}

type SaintnoEnd = { readonly output: unknown } | { readonly error: string };

/**
 * Runs a graph that saves in node 9, and gives how that ended. The client may call back twice, where it asks and listens at the same time. A server that goes
 * away while it asks is an error that it does not catch.
 */
export function saintnoRun(client: ComfyApi, graph: object): Promise<SaintnoEnd> {
  const prompt = new PromptBuilder(JSON.parse(JSON.stringify(graph)), [], ['images']).setOutputNode('images', '9');
  return new Promise((resolve) => {
    void new CallWrapper(client, prompt)
      .onFinished((output) => resolve({ output }))
      .onFailed((error) => resolve({ error: error.name }))
      .run();
  });
}
