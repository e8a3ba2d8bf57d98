import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allRefused, picture } from '../testing/graphs.ts';
import { type ProductUnderTest, productUnderTest } from '../testing/product-under-test.ts';
import { until } from '../testing/until.ts';
import type { Visitor } from '../testing/visitor.ts';

type Family = { help: string | null; type: string; samples: Map<string, number> };

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const LABEL = `${NAME}="(?:[^"\\\\\\n]|\\\\["\\\\n])*"`;
const SAMPLE = new RegExp(`^(${NAME})(\\{(?:${LABEL}(?:,${LABEL})*)?\\})? (N[aA][nN]|[+-]?Inf|[-+0-9.e]+)$`);

/** Reads the text as strictly as Prometheus' own checker: whatever is no comment of its kind and no sample is an error, and so is a sample given twice. */
function read(text: string): Map<string, Family> {
  const families = new Map<string, Family>();
  let name = '';
  expect(text.endsWith('\n')).toBe(true);
  for (const line of text.split('\n').filter((each) => each !== '')) {
    const comment = new RegExp(`^# (HELP|TYPE) (${NAME}) (.+)$`).exec(line);
    if (comment) {
      const [, kind, of = '', words = ''] = comment;
      if (kind === 'HELP') {
        expect(families.has(of), `${of} twice`).toBe(false);
        name = of;
        families.set(of, { help: words, type: '', samples: new Map() });
      } else {
        expect(of).toBe(name);
        expect(['counter', 'gauge', 'histogram', 'summary']).toContain(words);
        families.set(of, { ...(families.get(of) ?? { help: null, samples: new Map() }), type: words });
      }
      continue;
    }
    const [, of = '', labels = '', value = ''] = SAMPLE.exec(line) ?? [];
    expect(of, `not a sample: ${line}`).not.toBe('');
    const family = families.get(name);
    expect(family?.type === 'histogram' || family?.type === 'summary' ? of.startsWith(name) : of === name, line).toBe(
      true,
    );
    expect(family?.samples.has(of + labels), `${line} twice`).toBe(false);
    family?.samples.set(of + labels, Number(value.replace('Inf', 'Infinity')));
  }
  for (const [of, family] of families) if (family.type === 'histogram') expectHistogram(of, family);
  return families;
}

/** Buckets only ever rise, and the last one is the count. */
function expectHistogram(name: string, { samples }: Family): void {
  const last = new Map<string, number>();
  for (const [key, value] of samples) {
    const bucket = /^(.*_bucket)\{le="([^"]+)",?(.*)\}$/.exec(key);
    if (!bucket) continue;
    const [, , le, labels = ''] = bucket;
    expect(value).toBeGreaterThanOrEqual(last.get(labels) ?? 0);
    last.set(labels, value);
    if (le === '+Inf') expect(samples.get(`${name}_count${labels === '' ? '' : `{${labels}}`}`)).toBe(value);
  }
}

const ended = (who: Visitor, id: string) =>
  until(`the end of job ${id}`, async () => {
    const job = await who.api.jobs.get.query({ id });
    return job.endedAt !== null && job;
  });

describe('the figures of a class', () => {
  let product: ProductUnderTest;
  beforeAll(async () => {
    product = await productUnderTest();
  });
  afterAll(() => product.stop());

  const figures = async () => {
    const response = await product.visitor().fetch('/metrics');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    const families = read(await response.text());
    return (sample: string): number | undefined => {
      for (const { samples } of families.values()) if (samples.has(sample)) return samples.get(sample);
      return undefined;
    };
  };

  test('before anything has happened there are zeros, not gaps', async () => {
    const of = await figures();
    expect(of('comfyume_jobs{status="completed",reason=""}')).toBe(0);
    expect(of('comfyume_jobs{status="failed",reason="never_started"}')).toBe(0);
    expect(of('comfyume_queue_length')).toBe(0);
    expect(of('comfyume_deliveries_total')).toBe(0);
    expect(of('comfyume_endpoint_in_flight{endpoint="GPUs"}')).toBe(0);
    expect(of('comfyume_endpoint_capacity{endpoint="GPUs"}')).toBe(3);
    expect(of('comfyume_endpoint_enabled{endpoint="GPUs"}')).toBe(1);
    expect(of('comfyume_endpoint_resting{endpoint="GPUs"}')).toBe(0);
    expect(of('comfyume_sockets')).toBe(0);
    expect(of('comfyume_leader')).toBe(1);
    expect(of('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThanOrEqual(0);
    expect(of('process_resident_memory_bytes')).toBeGreaterThan(1e7);
  });

  test('operators see what serves them, and nobody else does', async () => {
    const feed = product.operator.listen();
    await feed.ready;
    const found = await product.operator.api.admin.processes.list.query();
    expect(found).toMatchObject([{ pid: process.pid, isLeader: true, sockets: 1 }]);
    expect(Object.keys(found[0] ?? {})).toContain('startedAt');
    await feed.close();
    const bea = await product.participant('Bea');
    await expect(bea.api.admin.processes.list.query()).rejects.toThrow();
    await until('the end of the socket', async () => (await figures())('comfyume_sockets') === 0);
  });

  test('what happens is counted', async () => {
    const anna = await product.participant('Anna');
    const feed = anna.listen();
    await feed.ready;
    expect((await figures())('comfyume_sockets')).toBe(1);
    await feed.close();

    const good = await anna.api.jobs.submit.mutate({ prompt: picture({ batch: 2 }) });
    const { results } = await ended(anna, good.id);
    const bad = await anna.api.jobs.submit.mutate({ prompt: allRefused() });
    await ended(anna, bad.id);
    await product.operator.api.admin.queue.pause.mutate({});
    await anna.api.jobs.submit.mutate({ prompt: picture() });

    const of = await figures();
    expect(of('comfyume_jobs{status="completed",reason=""}')).toBe(1);
    expect(of('comfyume_jobs{status="failed",reason="rejected_by_worker"}')).toBe(1);
    expect(of('comfyume_jobs{status="queued",reason=""}')).toBe(1);
    expect(of('comfyume_queue_length')).toBe(1);
    expect(of('comfyume_attempts{outcome="completed"}')).toBe(1);
    expect(of('comfyume_attempts{outcome="rejected_by_worker"}')).toBe(1);
    expect(of('comfyume_job_wait_seconds_count')).toBe(2);
    expect(of('comfyume_job_duration_seconds_count{status="completed"}')).toBe(1);
    expect(of('comfyume_deliveries_total')).toBe(2);
    expect(of('comfyume_delivered_bytes_total')).toBe(results.reduce((sum, { bytes }) => sum + bytes, 0));
    expect(of('comfyume_delivery_latency_seconds_count')).toBe(2);
    expect(of('comfyume_delivery_latency_seconds_sum')).toBeLessThan(60);
    await until('the end of the socket', async () => (await figures())('comfyume_sockets') === 0);
  });

  test('a switched-off endpoint is told as such', async () => {
    const [endpoint] = await product.operator.api.admin.endpoints.list.query();
    await product.operator.api.admin.endpoints.setEnabled.mutate({ id: endpoint?.id ?? '', enabled: false });
    expect((await figures())('comfyume_endpoint_enabled{endpoint="GPUs"}')).toBe(0);
  });

  test('what comes through a proxy from elsewhere finds nothing here', async () => {
    const { status } = await product.visitor({ 'x-forwarded-for': '127.0.0.1, 203.0.113.7' }).fetch('/metrics');
    expect(status).toBe(404);
  });
});

describe('with a token', () => {
  const TOKEN = 'prometheus-7f3a';
  let product: ProductUnderTest;
  beforeAll(async () => {
    product = await productUnderTest({ fleet: null, config: { metricsToken: TOKEN } });
  });
  afterAll(() => product.stop());

  test.each<[string, Record<string, string>, number]>([
    ['it is enough, from anywhere', { authorization: `Bearer ${TOKEN}`, 'x-forwarded-for': '203.0.113.7' }, 200],
    ['this machine needs it too', {}, 401],
    ['another one is none', { authorization: 'Bearer prometheus-7f3b' }, 401],
    ['a part of it is none', { authorization: `Bearer ${TOKEN.slice(0, -1)}` }, 401],
    ['it is no password', { authorization: `Basic ${Buffer.from(`a:${TOKEN}`).toString('base64')}` }, 401],
  ])('%s', async (_, headers, expected) => {
    const response = await product.visitor(headers).fetch('/metrics');
    expect(response.status).toBe(expected);
    if (expected === 401) expect(response.headers.get('www-authenticate')).toBe('Bearer');
    if (expected === 401) expect(await response.text()).not.toContain('comfyume_');
  });

  test('an operator’s session is none', async () => {
    expect((await product.operator.fetch('/metrics')).status).toBe(401);
  });

  test('it is for reading only', async () => {
    const headers = { authorization: `Bearer ${TOKEN}` };
    expect((await product.visitor(headers).fetch('/metrics', { method: 'POST' })).status).toBe(405);
  });
});
