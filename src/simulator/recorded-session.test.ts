import { mkdtempSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import recordedQueue from './fixtures/recorded/http/queue.json' with { type: 'json' };
import clientNotConnected from './fixtures/recorded/ws/client_not_connected.json' with { type: 'json' };
import executionError from './fixtures/recorded/ws/execution_error.json' with { type: 'json' };
import inputDeleted from './fixtures/recorded/ws/execution_error_input_deleted.json' with { type: 'json' };
import prefixEscape from './fixtures/recorded/ws/execution_error_prefix_escape.json' with { type: 'json' };
import fullyCached from './fixtures/recorded/ws/fully_cached.json' with { type: 'json' };
import interrupted from './fixtures/recorded/ws/interrupted.json' with { type: 'json' };
import noClientId from './fixtures/recorded/ws/no_client_id.json' with { type: 'json' };
import previewWithoutFlags from './fixtures/recorded/ws/preview_without_feature_flags.json' with { type: 'json' };
import successMultiNode from './fixtures/recorded/ws/success_multi_node.json' with { type: 'json' };
import {
  type Client,
  connect,
  type Message,
  recordedSessions,
  type Shape,
  shapeOf,
} from './recorded-session.testing.ts';
import { startReplica, type TestReplica, until } from './replica.testing.ts';

const httpRecordings = z.array(
  z.object({
    name: z.string(),
    request: z.object({
      method: z.string(),
      path: z.string(),
      json: z.unknown().optional(),
      text: z.string().optional(),
    }),
    response: z.object({ status: z.number(), json: z.unknown().optional(), text: z.string().optional() }),
  }),
);

/** Two levels below the root, as the recorded output directory: the escape error shows the whole path. */
const outputs = mkdtempSync(path.join(tmpdir(), 'sim-outputs-'));

const setLike = new Set(['executed', 'current_outputs']);

/** A response without times, temporary names and the order of Python's sets. */
function normal(value: unknown, drop: readonly string[], inputs: string): unknown {
  if (typeof value === 'string') {
    return value
      .replaceAll(outputs, '/sfs/outputs')
      .replaceAll(inputs, '/comfyui/input')
      .replace(/ComfyUI_temp_[a-z]{5}/, 'ComfyUI_temp_xxxxx');
  }
  if (Array.isArray(value)) {
    const items = value.map((item) => normal(item, drop, inputs));
    const nodeIds = items.length > 0 && items.every((item) => typeof item === 'string' && /^\d+$/.test(item));
    return nodeIds ? items.sort() : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) =>
      key === 'timestamp' || drop.includes(key)
        ? []
        : [[key, setLike.has(key) ? ids(item) : normal(item, drop, inputs)]],
    ),
  );
}
const ids = (value: unknown): string[] => z.array(z.string()).parse(value).sort();

/** On one process from its start, in the order of the recordings, so that numbers and caches agree too. */
describe.sequential('sessions as recorded', () => {
  let replica: TestReplica;
  const open: Client[] = [];
  beforeAll(async () => {
    replica = await startReplica({ outputs, pace: 1 });
  });
  afterAll(async () => {
    await replica.stop();
    await rm(outputs, { recursive: true });
  });

  const idle = (): Promise<true> =>
    until(async () => {
      const text = await (await fetch(`${replica.url}/prompt`)).text();
      return text === '{"exec_info": {"queue_remaining": 0}}';
    });

  async function clients(sessions: z.infer<typeof recordedSessions>['sessions']): Promise<Client[]> {
    for (const client of open.splice(0)) client.close();
    for (const { clientId, label, messages } of sessions) {
      const flags = messages.some(({ dir }) => dir === 'client->server');
      const options = { flags, path: label.includes('/api/ws') ? '/api/ws' : '/ws' };
      open.push(await connect(replica.url, clientId ? { ...options, clientId } : options));
    }
    return [...open];
  }

  async function compare(found: readonly Client[], wanted: readonly Shape[], nodes?: readonly string[]): Promise<void> {
    await until(() =>
      found.every((client, index) => shapeOf(client.messages).overall.length >= (wanted[index]?.overall.length ?? 0)),
    );
    for (const [index, shape] of wanted.entries()) {
      const own = shapeOf(found[index]?.messages ?? []);
      expect(own.overall).toEqual(shape.overall);
      if (nodes === undefined) expect(own.byNode).toEqual(shape.byNode);
      else for (const node of nodes) expect(own.byNode[node]).toEqual(shape.byNode[node]);
    }
  }

  /** Replays the requests of a recording with its clients connected. */
  async function play(raw: unknown, nodes?: readonly string[]): Promise<Client[]> {
    const { requests, sessions } = recordedSessions.parse(raw);
    const found = await clients(sessions);
    for (const { 'POST /prompt': body, response } of requests) {
      const answer = await replica.post(body);
      expect(answer.status).toBe(200);
      const { prompt_id, ...rest } = response;
      expect(answer.json).toMatchObject('prompt_id' in body ? { ...rest, prompt_id } : rest);
    }
    await compare(
      found,
      sessions.map(({ messages }) => shapeOf(messages)),
      nodes,
    );
    await idle();
    return found;
  }

  async function compareHistory(raw: unknown, drop: readonly string[] = []): Promise<void> {
    const { history } = recordedSessions.parse(raw);
    for (const [id, entry] of Object.entries(history ?? {})) {
      expect(normal(await replica.result(id), drop, replica.inputs)).toEqual(normal(entry, drop, replica.inputs));
    }
    expect(Object.keys(history ?? {}).length).toBeGreaterThan(0);
  }

  const binaries = (messages: readonly Message[], event: number): Buffer[] =>
    messages.flatMap((entry) =>
      entry.kind === 'binary' && entry.event === event ? [Buffer.from(entry.base64, 'base64')] : [],
    );

  test('success with many nodes, previews and texts', async () => {
    const [client] = await play(successMultiNode);
    const recorded = recordedSessions.parse(successMultiNode).sessions[0]?.messages ?? [];
    const heads = (all: readonly Message[]): unknown[] =>
      binaries(all, 4).map((bytes) => JSON.parse(bytes.toString('utf8', 8, 8 + bytes.readUInt32BE(4))));
    expect(heads(client?.messages ?? [])).toEqual(heads(recorded));
    const [preview] = binaries(client?.messages ?? [], 4);
    const image = preview?.subarray(8 + preview.readUInt32BE(4));
    expect(await sharp(image).metadata()).toMatchObject({ format: 'png', width: 64, height: 64 });
    expect(binaries(client?.messages ?? [], 3)).toEqual(binaries(recorded, 3));
    // The colour passes through the graph: inverted and blurred, it is still flat.
    const { data } = await sharp(path.join(outputs, 'ws/multi_00001_.png')).raw().toBuffer({ resolveWithObject: true });
    expect([...data.subarray(0, 3)]).toEqual([255 - 0x22, 255 - 0x77, 255 - 0x44]);
  });

  test('the same prompt again, all cached', async () => {
    await play(fullyCached);
  });

  test('a preview for a client without feature flags', async () => {
    const [client] = await play(previewWithoutFlags);
    const [bytes] = binaries(client?.messages ?? [], 1);
    expect(bytes?.readUInt32BE(4)).toBe(2);
    expect(await sharp(bytes?.subarray(8)).metadata()).toMatchObject({ format: 'png', width: 32, height: 32 });
  });

  test('a node raises', async () => {
    const [client] = await play(executionError, ['4']);
    const failure = client?.messages.find((entry) => entry.kind === 'text' && entry.json.type === 'execution_error');
    expect(failure?.kind === 'text' ? Object.keys(failure.json.data) : []).toContain('current_inputs');
    // Whether the other output has run before is random.
    const drop = ['outputs', 'meta', 'executed'];
    await compareHistory(executionError, drop);
  });

  test('a prefix leaves the output directory', async () => {
    await play(prefixEscape);
    await compareHistory(prefixEscape);
  });

  test('an input file is deleted before the run', async () => {
    const { requests, sessions } = recordedSessions.parse(inputDeleted);
    const [client] = await clients(sessions);
    replica.setFaults({ nodes: [{ kind: 'hold', classType: 'EmptyImage' }] });
    const blocker = {
      1: { class_type: 'EmptyImage', inputs: { width: 8, height: 8, batch_size: 1, color: 5 } },
      2: { class_type: 'PreviewImage', inputs: { images: ['1', 0] } },
    };
    await replica.post({ prompt: blocker });
    const file = path.join(replica.inputs, 'gone.png');
    await writeFile(
      file,
      await sharp({ create: { width: 2, height: 2, channels: 3, background: '#fff' } })
        .png()
        .toBuffer(),
    );
    expect((await replica.post(requests[0]?.['POST /prompt'])).json).toMatchObject({ number: 6 });
    await rm(file);
    replica.setFaults({ nodes: [] });
    await compareHistory(inputDeleted);
    await client?.saw('execution_error', (data) => data.exception_type === 'FileNotFoundError');
  });

  test('queue, interrupt and history, while prompts run and after', async () => {
    const { requests, sessions } = recordedSessions.parse(interrupted);
    const [first, other] = await clients(sessions.slice(0, 2));
    const steps = z.array(httpRecordings.element).parse(recordedQueue);
    const [long, ...others] = requests.map((request) => request['POST /prompt']);
    await replica.post(long);
    await first?.saw('executing', ({ node }) => node === '3');
    for (const body of others) await replica.post(body);

    for (const { name, request, response } of steps) {
      if (name === 'GET /history/{id} of an interrupted prompt') await idle();
      if (name === 'POST /queue clear: removes the pending ones only') {
        const seen = z.object({
          queue_running: z.array(z.tuple([z.number(), z.string(), z.unknown(), z.unknown(), z.unknown()])),
        });
        const after = steps.find((step) => step.name === 'GET /queue after clear')?.response.json;
        const [, prompt_id, prompt] = seen.parse(after).queue_running[0] ?? [];
        await replica.post({ prompt, prompt_id, client_id: 'client-a' });
        await replica.post({ ...others[0], prompt_id: 'waits' });
        await until(async () => (await (await fetch(`${replica.url}/queue`)).text()).includes(`"queue_running": [[11`));
      }
      if (name === 'POST /queue with an empty object -> 200') await idle();
      const body = request.text ?? (request.json === undefined ? null : JSON.stringify(request.json));
      const answer = await fetch(`${replica.url}${request.path}`, { method: request.method, body });
      expect(answer.status, name).toBe(response.status);
      const text = await answer.text();
      // Where exactly the interrupt struck depends on the moment.
      const drop = name.includes('interrupted') ? ['node_id', 'executed'] : [];
      if (response.json === undefined) expect(text, name).toBe(response.text);
      else
        expect(normal(JSON.parse(text), drop, replica.inputs), name).toEqual(
          normal(response.json, drop, replica.inputs),
        );
    }
    const recorded = shapeOf(sessions[1]?.messages ?? []);
    const own = shapeOf(other?.messages ?? []);
    expect(own.byNode).toEqual(recorded.byNode);
    expect(own.overall.filter((entry) => !entry.startsWith('status'))).toEqual(
      recorded.overall.filter((entry) => !entry.startsWith('status')),
    );
  });

  test('without a client id all clients receive the progress', async () => {
    await play(noClientId);
  });

  test('with a client id that is not connected others receive the status only', async () => {
    const { sessions } = recordedSessions.parse(clientNotConnected);
    const found = await clients(sessions);
    await replica.run(
      {
        1: { class_type: 'EmptyImage', inputs: { width: 8, height: 8, batch_size: 1, color: 6 } },
        2: { class_type: 'PreviewImage', inputs: { images: ['1', 0] } },
      },
      { client_id: 'nobody' },
    );
    await compare(
      found,
      sessions.map(({ messages }) => shapeOf(messages)),
    );
  });

  test('a second socket takes over a client id, and receives nothing more when the first one closes', async () => {
    const [old] = await clients([{ clientId: 'client-t', label: '', messages: [] }]);
    replica.setFaults({ nodes: [{ kind: 'hold', classType: 'EmptyImage' }] });
    const prompt = {
      1: { class_type: 'EmptyImage', inputs: { width: 8, height: 8, batch_size: 1, color: 7 } },
      2: { class_type: 'PreviewImage', inputs: { images: ['1', 0] } },
    };
    const { id } = await replica.post({ prompt, client_id: 'client-t' });
    await old?.saw('executing');
    const fresh = await connect(replica.url, { clientId: 'client-t' });
    await fresh.saw('executing', ({ node }) => node === '1');
    const before = old?.messages.length;
    replica.setFaults({ nodes: [] });
    await replica.result(id);
    await fresh.saw('execution_success');
    expect(old?.messages.length).toBe(before);

    old?.close();
    const witness = await connect(replica.url, { clientId: 'witness' });
    await until(async () => {
      const { id: next } = await replica.post({ prompt, client_id: 'witness' });
      const receivedBefore = fresh.messages.length;
      await replica.result(next);
      await witness.saw('execution_success', (data) => data.prompt_id === next);
      return fresh.messages.length === receivedBefore;
    });
    witness.close();
    fresh.close();
  });
});
