import { afterEach, describe, expect, test, vi } from 'vitest';
import { ASKING, type RunReport } from '#src/domain/jobs/run-report.ts';
import type { Plan } from '#src/domain/workflow/rewrite.ts';
import type { Endpoint } from '#src/ports/endpoints.ts';
import type { RunAnswer } from '#src/ports/worker.ts';
import { createRunMonitor } from './run-monitor.ts';

const endpoint = (id: string): Endpoint => ({
  id,
  name: id,
  url: `http://${id}`,
  gpu: '',
  pricing: 'spot',
  capacity: 3,
  apiKeyVariable: null,
  enabled: true,
  origin: 'operator',
  place: 0,
  pricePerHour: null,
  deployment: null,
  listening: 'auto',
  keepWarmUntil: null,
  warmWorkflowId: null,
});
const plan: Plan = { folder: 'f', saves: [], markerNodes: {} };
const attempt = (id: string, endpointId = 'gpus', texts?: Plan['texts']) => ({
  id,
  endpointId,
  plan: texts ? { ...plan, texts } : plan,
});

/** A worker whose every answer is given by `say`. */
function stage(say: (list: string, limit: number) => RunAnswer) {
  vi.useFakeTimers();
  const asked: { endpoint: string; list: string; limit: number }[] = [];
  const settings = { probe: true };
  const versions = new Map<string, string>();
  const logged: string[] = [];
  const monitor = createRunMonitor(
    {
      endpoints: { find: async (id: string) => endpoint(id) },
      settings: { read: async () => settings },
      askRuns: async ({ id }, list, limit) => {
        asked.push({ endpoint: id, list, limit });
        return say(list, limit);
      },
      askEndpoint: async () => ({ type: 'answered', version: '0.33.0', gpu: null, vram: null }),
      workerVersions: { learn: (id, version) => void versions.set(id, version) },
      clock: { now: () => Date.now() },
      log: {
        debug: () => undefined,
        info: () => undefined,
        warn: () => undefined,
        error: (_, message) => void logged.push(message),
      },
    },
    ASKING,
  );
  return { monitor, asked, settings, versions, logged };
}
const reports = (all: Record<string, RunReport>, isWhole = true): RunAnswer => ({
  type: 'reports',
  reports: new Map(Object.entries(all)),
  isWhole,
  bytes: 100,
});
const success: RunReport = { type: 'success', texts: [] };

afterEach(() => void vi.useRealTimers());

describe('asking what became of runs', () => {
  test('one answer counts for all attempts of its endpoint, and news is passed on once it is an end', async () => {
    const { monitor, versions } = stage(() => reports({ a: success, b: { type: 'running' }, other: success }));
    const news: string[] = [];
    const runs = ['a', 'b', 'c'].map((id) => monitor.follow(attempt(id), () => news.push(id)));
    await vi.advanceTimersByTimeAsync(ASKING.firstAfterMs + 10);
    expect(news).toEqual(['a']);
    expect(runs.map((run) => run.known().end?.type ?? null)).toEqual(['success', null, null]);
    expect(runs.map((run) => run.known().misses)).toEqual([0, 0, 1]);
    expect(versions.get('gpus')).toBe('0.33.0');
    await monitor.close();
  });

  test('nobody is asked before an attempt is followed, after the last one is let go, or where probing is off', async () => {
    const { monitor, asked, settings } = stage(() => reports({}));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toEqual([]);
    const run = monitor.follow(attempt('a'), () => undefined);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked.length).toBeGreaterThan(10);
    run.stop();
    const before = asked.length;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked.length).toBeLessThanOrEqual(before + 1);
    settings.probe = false;
    const off = asked.length;
    monitor.follow(attempt('b'), () => undefined);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked.length).toBe(off);
    await monitor.close();
  });

  test('an endpoint with nothing in flight is left alone while another is asked', async () => {
    const { monitor, asked } = stage(() => reports({}));
    monitor.follow(attempt('a', 'one'), () => undefined);
    await vi.advanceTimersByTimeAsync(5000);
    expect(new Set(asked.map((one) => one.endpoint))).toEqual(new Set(['one']));
    await monitor.close();
  });

  test('where there is no list of jobs, history is asked for, and the queue now and then', async () => {
    const { monitor, asked } = stage((list) => (list === 'jobs' ? { type: 'unsupported' } : reports({})));
    monitor.follow(attempt('a'), () => undefined);
    await vi.advanceTimersByTimeAsync(8000);
    const count = (list: string) => asked.filter((one) => one.list === list).length;
    expect(count('jobs')).toBe(1);
    expect(count('history')).toBeGreaterThan(2 * count('queue'));
    expect(count('queue')).toBeGreaterThan(2);
    await monitor.close();
  });

  test('texts that nodes showed are only in the history', async () => {
    const { monitor, asked } = stage(() => reports({}));
    monitor.follow(attempt('a', 'gpus', [{ nodeId: '3', classType: 'PreviewAny' }]), () => undefined);
    await vi.advanceTimersByTimeAsync(4000);
    expect(asked.some(({ list }) => list === 'history')).toBe(true);
    expect(asked.some(({ list }) => list === 'jobs')).toBe(false);
    await monitor.close();
  });

  test('a history that is too large is asked for in smaller parts', async () => {
    const { monitor, asked } = stage((list, limit) =>
      list === 'jobs' ? { type: 'unsupported' } : list === 'history' && limit > 2 ? { type: 'too_large' } : reports({}),
    );
    monitor.follow(attempt('a'), () => undefined);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked.filter(({ list }) => list === 'history').some(({ limit }) => limit <= 2)).toBe(true);
    await monitor.close();
  });

  test('lost: only after many answers without it, and for long; a list that may have more proves nothing', async () => {
    let isWhole = false;
    // A worker that is up for long: its list of jobs is never whole.
    const { monitor } = stage((list) => reports({}, isWhole && list !== 'jobs'));
    const news: string[] = [];
    const run = monitor.follow(attempt('a'), () => news.push('a'));
    await vi.advanceTimersByTimeAsync(120_000);
    expect([run.isLost(), news]).toEqual([false, []]);
    isWhole = true;
    await vi.advanceTimersByTimeAsync(ASKING.lostAfterMs - 1000);
    expect(run.isLost()).toBe(false);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(run.isLost()).toBe(true);
    expect(news.length).toBeGreaterThan(0);
    await monitor.close();
  });

  test('who gives no answer is asked less and less often', async () => {
    const { monitor, asked } = stage(() => ({ type: 'none' }));
    monitor.follow(attempt('a'), () => undefined);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked.length).toBeLessThan(20);
    await monitor.close();
  });

  test('a question that goes wrong is logged, and the endpoint is asked again', async () => {
    let fails = true;
    const { monitor, logged, asked } = stage(() => {
      if (!fails) return reports({ a: success });
      fails = false;
      throw new Error('the database is gone');
    });
    const run = monitor.follow(attempt('a'), () => undefined);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(logged).toEqual(['could not check the status of runs, retrying']);
    expect(asked.length).toBeGreaterThan(1);
    expect(run.known().end).toEqual(success);
    await monitor.close();
  });
});
