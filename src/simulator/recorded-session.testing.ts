import { WebSocket } from 'ws';
import { z } from 'zod';
import { until } from './replica.testing.ts';

/** Reads websocket recordings for the tests: the part of a session that is the same in every run. */

const message = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('text'),
    dir: z.string(),
    json: z.object({ type: z.string(), data: z.record(z.string(), z.unknown()) }),
  }),
  z.object({ kind: z.literal('binary'), dir: z.string(), event: z.number(), base64: z.string() }),
]);
export type Message = z.infer<typeof message>;

export const recordedSessions = z.object({
  requests: z
    .array(z.object({ 'POST /prompt': z.record(z.string(), z.unknown()), response: z.record(z.string(), z.unknown()) }))
    .default([]),
  sessions: z.array(z.object({ clientId: z.string(), label: z.string(), messages: z.array(message) })),
  history: z.record(z.string(), z.unknown()).optional(),
});

const progressNodes = z.record(z.string(), z.object({ state: z.string(), value: z.number(), max: z.number() }).loose());

export type Shape = { overall: string[]; byNode: { [node: string]: string[] } };

/** The types, keys and progress of a session: separately for each node, because the order of nodes is not fixed. */
export function shapeOf(messages: readonly Message[]): Shape {
  const shape: Shape = { overall: [], byNode: {} };
  let known: { [node: string]: string } = {};
  let current: string | null = null;
  const add = (entry: string): void => {
    if (current === null) {
      shape.overall.push(entry);
      return;
    }
    shape.byNode[current] ??= [];
    shape.byNode[current]?.push(entry);
  };
  for (const entry of messages) {
    if (entry.dir !== 'server->client') continue;
    if (entry.kind === 'binary') {
      add(`binary ${entry.event}`);
      continue;
    }
    const { type, data } = entry.json;
    const keys = Object.keys(data).sort().join(',');
    if (type === 'progress_state') {
      const nodes = progressNodes.parse(data.nodes);
      const received = Object.fromEntries(
        Object.entries(nodes).map(([id, node]) => [id, `${node.state} ${node.value}/${node.max}`]),
      );
      current = Object.keys(received).find((id) => received[id] !== known[id]) ?? current;
      known = received;
      add(
        `progress_state ${
          current === null
            ? ''
            : `${received[current]} ${Object.keys(nodes[current] ?? {})
                .sort()
                .join(',')}`
        }`,
      );
      continue;
    }
    if (type === 'executed' && typeof data.node === 'string') current = data.node;
    if (type === 'status' || type.startsWith('execution_') || (type === 'executing' && data.node === null)) {
      if (type === 'execution_start') known = {};
      current = null;
    }
    const details =
      type === 'status' ? ` ${JSON.stringify(data.status)}` : type === 'progress' ? ` ${data.value}/${data.max}` : '';
    add(`${type} ${keys}${details}`);
  }
  return shape;
}

export type Client = {
  messages: Message[];
  saw(type: string, test?: (data: { [key: string]: unknown }) => boolean): Promise<void>;
  close(): void;
};

/** A websocket client that keeps what it receives. */
export async function connect(
  url: string,
  options: { clientId?: string; flags?: boolean; path?: string } = {},
): Promise<Client> {
  const query = options.clientId ? `?clientId=${options.clientId}` : '';
  const socket = new WebSocket(`${url.replace('http', 'ws')}${options.path ?? '/ws'}${query}`);
  const messages: Message[] = [];
  socket.on('message', (bytes: Buffer, isBinary) => {
    const dir = 'server->client';
    if (isBinary)
      messages.push({ kind: 'binary', dir, event: bytes.readUInt32BE(0), base64: bytes.toString('base64') });
    else messages.push(message.parse({ kind: 'text', dir, json: JSON.parse(String(bytes)) }));
  });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const saw: Client['saw'] = async (type, test = () => true) => {
    await until(() =>
      messages.some((entry) => entry.kind === 'text' && entry.json.type === type && test(entry.json.data)),
    );
  };
  await saw('status');
  if (options.flags) {
    socket.send(JSON.stringify({ type: 'feature_flags', data: { supports_preview_metadata: true } }));
    await saw('feature_flags');
  }
  return { messages, saw, close: () => socket.terminate() };
}
