import { once } from 'node:events';
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { FleetState } from './fleet-state.ts';
import type { FleetOptionsInput } from './options.ts';
import { connect } from './recorded-session.testing.ts';
import { newFolder, until } from './replica.testing.ts';
import { type RunningFleet, startFleet } from './start-fleet.ts';

let color = 0;
const prompt = (prefix: string, size = 16) => ({
  1: { class_type: 'EmptyImage', inputs: { width: size, height: size, batch_size: 1, color: ++color } },
  2: { class_type: 'ImageAddNoise', inputs: { image: ['1', 0], seed: color, strength: 0.4 } },
  3: { class_type: 'SaveImage', inputs: { images: ['2', 0], filename_prefix: prefix } },
});

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('a fleet behind its balancer', () => {
  const root = newFolder();
  const outputs = path.join(root, 'outputs');
  let fleet: RunningFleet;

  const start = async (options: Partial<FleetOptionsInput> = {}): Promise<void> => {
    fleet = await startFleet({
      outputs,
      inputs: path.join(root, 'inputs'),
      pace: 0,
      replicas: 1,
      minReplicas: 1,
      ...options,
    });
  };
  afterEach(async () => {
    await fleet.stop();
    await rm(root, { recursive: true, force: true });
  });

  const post = (prefix: string, more: { [key: string]: unknown } = {}): Promise<Response> =>
    fetch(`${fleet.url}/prompt`, { method: 'POST', body: JSON.stringify({ prompt: prompt(prefix), ...more }) });
  const ids = ({ replicas }: FleetState): string[] =>
    replicas.flatMap(({ executed }) => executed.map(({ promptId }) => promptId));
  const state = (test: (state: FleetState) => boolean): Promise<FleetState> =>
    until(async () => {
      const now = await fleet.control.state();
      return test(now) ? now : null;
    });
  const liveReplicas = ({ replicas }: FleetState): number => replicas.filter(({ phase }) => phase !== 'gone').length;

  test('requests and sockets go to random replicas, so history is found only by chance', async () => {
    await start({ replicas: 3, minReplicas: 3, seed: 4 });
    const uuids = Array.from({ length: 9 }, (_, index) => `00000000-0000-4000-8000-00000000000${index}`);
    for (const id of uuids)
      expect((await post(`any/${id}`, { prompt_id: id, extra_data: { extra_pnginfo: { job: id } } })).status).toBe(200);
    const after = await state((now) => ids(now).length === 9);
    expect(after.replicas.filter(({ executed }) => executed.length > 0).length).toBeGreaterThan(1);
    expect(await readdir(path.join(outputs, 'any'))).toHaveLength(9);
    for (const id of uuids) {
      const bytes = await readFile(path.join(outputs, `any/${id}_00001_.png`));
      expect(bytes.toString('latin1')).toContain(`job\0"${id}"`);
    }
    const answers = new Set<string>();
    await until(async () => {
      answers.add((await (await fetch(`${fleet.url}/history/${uuids[0]}`)).text()) === '{}' ? 'unknown' : 'known');
      return answers.size === 2;
    });
    const clients = await Promise.all(Array.from({ length: 6 }, () => connect(fleet.url)));
    for (const client of clients) client.close();
    expect((await fleet.control.state()).requests['GET /ws']).toEqual({ 101: 6 });
  });

  test('scale from zero holds requests, more load starts more replicas, idle ones stop', async () => {
    await start({ minReplicas: 0, replicas: 2, coldStartMs: [300, 500], idleMs: 1500 });
    expect(liveReplicas(await fleet.control.state())).toBe(0);
    const began = performance.now();
    const waiting = [post('cold/a'), post('cold/b'), post('cold/c')];
    await state((now) => now.held === 3);
    for (const answer of await Promise.all(waiting)) expect(answer.status).toBe(200);
    expect(performance.now() - began).toBeGreaterThan(300);
    expect((await fleet.control.state()).replicas).toHaveLength(2);
    await state((now) => liveReplicas(now) === 0);
    expect(ids(await fleet.control.state())).toHaveLength(3);
    expect((await post('cold/d')).status).toBe(200);
    expect((await fleet.control.state()).replicas.length).toBeGreaterThan(2);
  });

  test('a busy replica stays, unless scaling down is blind', async () => {
    await start({ minReplicas: 0, idleMs: 300, blindScaleDown: true });
    await fleet.control.setFaults({ nodes: [{ kind: 'hold', classType: 'ImageAddNoise' }] });
    await post('blind/a');
    const { replicas } = await state((now) => liveReplicas(now) === 0);
    expect(replicas[0]?.running).not.toBeNull();
    await fleet.stop();

    await start({ minReplicas: 0, replicas: 2, idleMs: 300 });
    await fleet.control.setFaults({ nodes: [{ kind: 'hold', classType: 'ImageAddNoise' }] });
    await post('careful/a');
    await state((now) => now.replicas[0]?.running != null);
    // A second replica that has been idle for less time is stopped, so the first one is kept because it is busy.
    await fleet.control.setLimits({ min: 2 });
    await state((now) => now.replicas[1]?.phase === 'ready');
    await fleet.control.setLimits({ min: 0 });
    const kept = await state((now) => now.replicas[1]?.phase === 'gone');
    expect(kept.replicas[0]).toMatchObject({ phase: 'ready', running: expect.any(String) });
    await fleet.control.setFaults({ nodes: [] });
    await state((now) => liveReplicas(now) === 0 && ids(now).length === 1);
  });

  test('each fault of a request', async () => {
    await start();
    const { control } = fleet;
    for (const status of [502, 503, 504] as const) {
      await control.setFaults({ requests: [{ kind: 'answer', status, count: 1 }] });
      expect((await post(`answer/${status}`)).status).toBe(status);
    }
    expect((await post('answer/after')).status).toBe(200);
    await state((now) => ids(now).length === 1);

    await control.setFaults({ requests: [{ kind: 'cutAfterAccept', only: 'prompt', count: 1 }] });
    expect((await fetch(`${fleet.url}/queue`)).status).toBe(200);
    await expect(post('cut/a')).rejects.toThrow();
    await state((now) => ids(now).length === 2);

    await control.setFaults({ requests: [{ kind: 'timeoutAfterAccept', count: 1 }] });
    const late = await post('late/a');
    expect([late.status, await late.text()]).toEqual([504, '{"error":"inference request was canceled"}']);
    await state((now) => ids(now).length === 3);

    await control.setFaults({ requests: [{ kind: 'html', count: 1 }] });
    const page = await post('html/a');
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html']);
    await expect(page.json()).rejects.toThrow();

    await control.setFaults({ requests: [{ kind: 'truncate', count: 1 }] });
    await expect(post('truncated/a').then((answer) => answer.text())).rejects.toThrow();
    await state((now) => ids(now).length === 4);

    await control.setFaults({ requests: [{ kind: 'delay', ms: 200, count: 1 }] });
    const began = performance.now();
    expect((await post('delayed/a')).status).toBe(200);
    expect(performance.now() - began).toBeGreaterThan(190);

    const listening = new WebSocket(`${fleet.url.replace('http', 'ws')}/ws?clientId=a`);
    await once(listening, 'open');
    const dropped = once(listening, 'close');
    expect(await control.dropSockets()).toBe(1);
    await dropped;
    const again = new WebSocket(listening.url);
    await once(again, 'open');
    const cut = once(again, 'close');
    await control.setFaults({ requests: [], refuseConnections: true });
    await cut;
    await expect(post('refused/a')).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    await control.setFaults({ refuseConnections: false });
    expect((await post('refused/b')).status).toBe(200);

    const done = await state((now) => ids(now).length === 6);
    expect(done.requests['POST /prompt']).toEqual({ 200: 4, 502: 1, 503: 1, 504: 2, cut: 2 });
    expect((await readdir(outputs)).sort()).toEqual(['answer', 'cut', 'delayed', 'late', 'refused', 'truncated']);
  });

  test('WebSockets can be refused, or take the only place of their replica', async () => {
    await start({ replicas: 2 });
    const { control } = fleet;
    const open = () => new WebSocket(`${fleet.url.replace('http', 'ws')}/ws?clientId=a`);
    await control.setFaults({ webSockets: 'refuse' });
    const [refusal] = await once(open(), 'error');
    expect(String(refusal)).toContain('400');

    await control.setFaults({ webSockets: 'occupy' });
    const first = open();
    await once(first, 'open');
    // Nothing takes its place: a second replica is started.
    expect((await post('occupied/a')).status).toBe(200);
    await state((now) => now.replicas.length === 2 && now.replicas[1]!.executed.length === 1);
    const second = open();
    await once(second, 'open');
    const held = post('occupied/b');
    await state((now) => now.held === 1);
    first.close();
    expect((await held).status).toBe(200);
    second.close();
  });

  test('rejections by the balancer itself: with Retry-After, a redirect, its own 403 and 404', async () => {
    await start();
    const { control } = fleet;
    for (const status of [429, 503] as const) {
      await control.setFaults({ requests: [{ kind: 'answer', status, retryAfter: '5', only: 'prompt', count: 1 }] });
      const answer = await post(`later/${status}`);
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([status, '5']);
      expect((await post(`later/${status}`)).status).toBe(200);
    }
    for (const status of [403, 404] as const) {
      await control.setFaults({ requests: [{ kind: 'answer', status, count: 1 }] });
      const answer = await post(`own/${status}`);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([status, 'text/html']);
    }
    await control.setFaults({ requests: [{ kind: 'redirect', to: '/sign-in', count: 1 }] });
    const moved = await fetch(`${fleet.url}/prompt`, { method: 'POST', body: '{}', redirect: 'manual' });
    expect([moved.status, moved.headers.get('location')]).toEqual([302, '/sign-in']);

    await control.setFaults({ requests: [{ kind: 'answer', status: 502, only: 'history' }] });
    expect((await fetch(`${fleet.url}/api/history?max_items=1`)).status).toBe(502);
    expect((await fetch(`${fleet.url}/queue`)).status).toBe(200);
  });

  test('a graph that requests its own rejection is rejected that often, and not by the worker', async () => {
    await start();
    const headers = { 'retry-after': '7' };
    const refused = { class_type: 'FakeHttp', inputs: { status: 429, headers, body: 'Later', times: 2, key: 'a' } };
    const send = (): Promise<Response> =>
      fetch(`${fleet.url}/prompt`, {
        method: 'POST',
        body: JSON.stringify({ prompt: { ...prompt('scripted'), 4: refused } }),
      });
    for (let index = 0; index < 2; index++) {
      const answer = await send();
      expect([answer.status, answer.headers.get('retry-after'), await answer.text()]).toEqual([429, '7', 'Later']);
    }
    expect((await send()).status).toBe(200);
  });

  test('strict routing: a request that names a prompt never reaches the replica that has it', async () => {
    await start({ replicas: 2, minReplicas: 2, routing: 'strict' });
    const id = '00000000-0000-4000-8000-0000000000cc';
    await fleet.control.setFaults({ nodes: [{ kind: 'hold', classType: 'ImageAddNoise' }] });
    await post('strict/a', { prompt_id: id });
    await state((now) => now.replicas.some(({ running }) => running === id));
    const asked = async (): Promise<string> => (await fetch(`${fleet.url}/history/${id}`)).text();
    await fleet.control.setFaults({ nodes: [] });
    await state((now) => ids(now).length === 1);
    for (let index = 0; index < 20; index++) expect(await asked()).toBe('{}');
    await until(async () => (await (await fetch(`${fleet.url}/history?max_items=5`)).text()).includes(id));
  });

  test('a cold start that never ends: 504 after the hold, and a start once the fault is removed', async () => {
    await start({ minReplicas: 0, holdMs: 400 });
    await fleet.control.setFaults({ coldStartHangs: true });
    expect((await post('never/a')).status).toBe(504);
    const waiting = post('never/b');
    await fleet.control.setFaults({ coldStartHangs: false });
    expect((await waiting).status).toBeOneOf([200, 504]);
    await state((now) => now.replicas.some(({ phase }) => phase === 'ready'));
    expect((await post('never/c')).status).toBe(200);
  });

  test('a replica killed during a prompt loses it; the next replica does not know it', async () => {
    await start();
    await fleet.control.setFaults({ nodes: [{ kind: 'hold', classType: 'ImageAddNoise' }] });
    const id = '00000000-0000-4000-8000-0000000000aa';
    await post('lost/a', { prompt_id: id });
    await state((now) => now.replicas[0]?.running === id);
    expect(await fleet.control.kill('busy')).toBe('r1');
    expect(await fleet.control.kill('busy')).toBeNull();
    await fleet.control.setFaults({ nodes: [] });
    await state((now) => now.replicas.some(({ id: name, phase }) => name === 'r2' && phase === 'ready'));
    expect(await (await fetch(`${fleet.url}/history`)).json()).toEqual({});
    expect(ids(await fleet.control.state())).toEqual([]);
  });

  test('a counted fault strikes once in the whole fleet', async () => {
    await start({ replicas: 2, minReplicas: 2 });
    await fleet.control.setFaults({ nodes: [{ kind: 'kill', classType: 'SaveImage', count: 1 }] });
    await Promise.all(Array.from({ length: 6 }, (_, index) => post(`once/${index}`).catch(() => null)));
    await state((now) => now.replicas.filter(({ phase }) => phase === 'gone').length === 1);
    await until(async () => (await post('once/later')).status === 200);
    await state((now) =>
      now.replicas.every(
        ({ phase, pending, running }) => phase === 'gone' || (pending.length === 0 && running === null),
      ),
    );
    expect((await fleet.control.state()).replicas.filter(({ phase }) => phase === 'gone')).toHaveLength(1);
  });

  test('an interrupt through the balancer stops the right replica, and the state proves it', async () => {
    await start({ replicas: 2, minReplicas: 2 });
    await fleet.control.setFaults({ nodes: [{ kind: 'hold', classType: 'ImageAddNoise' }] });
    const id = '00000000-0000-4000-8000-0000000000bb';
    await post('stop/a', { prompt_id: id });
    await until(async () => {
      await fetch(`${fleet.url}/interrupt`, { method: 'POST', body: JSON.stringify({ prompt_id: id }) });
      const { replicas } = await fleet.control.state();
      return replicas.some(({ executed }) => executed.some(({ outcome }) => outcome === 'interrupted'));
    });
  });

  test('an endpoint with a key is 404 without it', async () => {
    await start({ apiKey: 'dc_test' });
    expect((await post('key/a')).status).toBe(404);
    await expect(connect(fleet.url)).rejects.toThrow('404');
    const headers = { Authorization: 'Bearer dc_test' };
    expect((await fetch(`${fleet.url}/queue`, { headers })).status).toBe(200);
  });

  test('when a fleet process is killed, its replicas end too', async () => {
    await start({ replicas: 2, minReplicas: 2 });
    const pids = (await fleet.control.state()).replicas.flatMap(({ pid }) => (pid === null ? [] : [pid]));
    expect(pids.filter(alive)).toHaveLength(2);
    process.kill(fleet.pid, 'SIGKILL');
    await until(() => !pids.some(alive));
  });
});
