import { WebSocket } from 'ws';
import { z } from 'zod';
import type { ProductUnderTest, TestPerson } from './product-under-test.ts';
import { until } from './until.ts';

const message = z.object({ type: z.string(), data: z.looseObject({}) });
export type ComfyuiMessage = z.infer<typeof message>;

export type ComfyuiListener = {
  readonly messages: ComfyuiMessage[];
  readonly frames: Buffer[];
  /** Of one prompt, in short: `executing 9`. */
  of(promptId: string): string[];
  heard(what: string, maxMs?: number): Promise<void>;
  send(text: string): void;
  readonly closed: Promise<{ code: number; reason: string }>;
  close(): Promise<void>;
};

const short = ({ type, data }: ComfyuiMessage): string => ('node' in data ? `${type} ${data.node}` : type);

/** Opens ComfyUI's socket at this address. */
export async function listenAt(address: string, headers: Record<string, string> = {}): Promise<ComfyuiListener> {
  const messages: ComfyuiMessage[] = [];
  const frames: Buffer[] = [];
  const ws = new WebSocket(address.replace(/^http/, 'ws'), { headers });
  ws.on('message', (data, isBinary) => {
    if (isBinary && Buffer.isBuffer(data)) frames.push(data);
    else messages.push(message.parse(JSON.parse(String(data))));
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    ws.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  await new Promise((resolve, reject) => {
    ws.once('open', resolve);
    ws.once('error', reject);
  });
  const of = (promptId: string) => messages.filter(({ data }) => data.prompt_id === promptId).map(short);
  return {
    messages,
    frames,
    of,
    async heard(what, maxMs) {
      await until(`to hear ${what}`, () => messages.some((one) => short(one) === what), maxMs);
    },
    send: (text) => ws.send(text),
    closed,
    async close() {
      ws.close();
      await closed;
    },
  };
}

export type ComfyuiProgram = Awaited<ReturnType<typeof programOf>>;

const accepted = z.object({ prompt_id: z.string(), number: z.number(), node_errors: z.looseObject({}) });

/** A program that speaks ComfyUI's API for this person, with the token in the path. */
export async function programOf(product: Pick<ProductUnderTest, 'comfyuiUrl'>, person: Pick<TestPerson, 'api'>) {
  const { token } = await person.api.session.createToken.mutate({ name: 'program', scope: 'submit' });
  const address = `${product.comfyuiUrl}/t/${token}`;
  const call = (path: string, init?: RequestInit) => fetch(`${address}${path}`, init);
  async function json(path: string, body?: unknown) {
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    const response = await call(path, init);
    return { status: response.status, body: z.looseObject({}).parse(await response.json()) };
  }
  return {
    token,
    address,
    call,
    json,
    async run(prompt: unknown, more: object = {}) {
      const { status, body } = await json('/prompt', { prompt, ...more });
      if (status !== 200) throw new Error(JSON.stringify(body));
      return accepted.parse(body);
    },
    listen: (clientId: string) => listenAt(`${address}/ws?clientId=${clientId}`),
    /** Its entry in the history, once it is there. */
    ended: (promptId: string) =>
      until(`the end of ${promptId}`, async () => {
        const { body } = await json(`/history/${promptId}`);
        return body[promptId] ? z.looseObject({}).parse(body[promptId]) : null;
      }),
  };
}
