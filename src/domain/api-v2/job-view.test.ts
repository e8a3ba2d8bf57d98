import { describe, expect, test } from 'vitest';
import type { JobStatus } from '../jobs/job.ts';
import type { LiveRun } from '../jobs/live-run.ts';
import { apiStatusOf, jobView, outputOf, progressOf } from './job-view.ts';

describe('how far a run is', () => {
  const run = (more: Partial<LiveRun>): LiveRun => ({ node: null, step: null, done: 0, nodes: 4, ...more });
  const sampler = { id: '3', label: 'The sampler', classType: 'KSampler', isLoader: false };
  test.each<[string, LiveRun, object]>([
    ['nothing done', run({}), { value: 0, nodes_done: 0, nodes_total: 4, current_node: null, message: null }],
    [
      'half of the steps of the second node',
      run({ node: sampler, step: { value: 10, max: 20, endsAt: null }, done: 1 }),
      { value: 0.375, current_node: '3', current_node_class: 'KSampler', step: 10, steps: 20 },
    ],
    ['all done', run({ done: 4 }), { value: 1 }],
    ['a graph without nodes', run({ nodes: 0 }), { value: 0 }],
  ])('%s', (_, heard, expected) => expect(progressOf(heard, 0)).toMatchObject(expected));

  test('nothing heard', () => expect(progressOf(null, 0)).toBeNull());
});

describe('a job', () => {
  const job = {
    id: 'j',
    status: 'queued' as JobStatus,
    reason: null,
    message: null,
    nodeErrors: null,
    createdAt: 1000,
    startedAt: null,
    endedAt: null,
  };
  const view = (more: Partial<Parameters<typeof jobView>[0]>, keepDays: number | null = 1) =>
    jobView({ ...job, ...more }, { queue_position: 3, progress: null, outputs: [], metadata: {} }, keepDays);

  test.each<[JobStatus, string, number | null]>([
    ['queued', 'queued', 3],
    ['dispatched', 'queued', 3],
    ['running', 'running', null],
    ['delivering', 'running', null],
    ['completed', 'succeeded', null],
    ['failed', 'failed', null],
    ['cancelled', 'canceled', null],
  ])('that is %s here is %s there', (status, expected, position) => {
    expect(apiStatusOf(status)).toBe(expected);
    expect(view({ status })).toMatchObject({ status: expected, queue_position: position });
  });

  test('that failed names its node; one that was cancelled has no error', () => {
    const nodeErrors = { '2': { class_type: 'KSampler', dependent_outputs: [], errors: [] } };
    const failed = { reason: 'execution_error' as const, message: 'Out of memory', nodeErrors };
    expect(view({ ...failed, status: 'failed' }).error).toEqual({
      code: 'node_execution_error',
      message: 'Out of memory',
      node_id: '2',
      class_type: 'KSampler',
      traceback: null,
    });
    expect(view({ status: 'failed', reason: 'lost' }).error).toMatchObject({ code: 'lost', node_id: null });
    expect(view({ status: 'cancelled', reason: 'cancelled', message: 'Cancelled.' }).error).toBeNull();
  });

  test('has times and durations, and an end that follows what is cleaned up', () => {
    expect(view({ status: 'completed', startedAt: 3000, endedAt: 8000 })).toMatchObject({
      created_at: '1970-01-01T00:00:01.000Z',
      expires_at: '1970-01-02T00:00:01.000Z',
      metrics: { queue_ms: 2000, execution_ms: 5000 },
    });
    expect(Date.parse(view({}, null).expires_at)).toBeGreaterThan(Date.parse('1979-01-01'));
  });
});

test.each([
  ['image', 'image/png', 'ada/a.png', 'image'],
  ['video', 'video/mp4', 'ada/a.mp4', 'video'],
  ['audio', 'audio/flac', 'ada/a.flac', 'audio'],
  ['model', 'model/gltf-binary', 'ada/a.glb', 'file'],
  ['other', 'text/plain', 'ada/a.txt', 'text'],
  ['other', 'application/octet-stream', 'ada/shots/a.latent', 'latent'],
  ['other', 'application/octet-stream', 'ada/a.bin', 'file'],
] as const)('a %s of type %s is told as it is', (kind, mime, path, type) => {
  const result = { id: 'r 1', jobId: 'j', nodeId: '9', kind, mime, path, bytes: 7, blake3: null };
  expect(outputOf(result, 'https://class.example.org', 1)).toMatchObject({
    type,
    name: path.slice(path.lastIndexOf('/') + 1),
    hash: null,
    url: 'https://class.example.org/api/v2/assets/r%201/content',
    url_expires_at: '1970-01-02T00:00:00.001Z',
  });
});
